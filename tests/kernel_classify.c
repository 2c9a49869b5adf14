// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The BPF object in this kernel, frame by frame: which counter moves, by how
 * much, and that nothing else does.
 *
 * usage: kernel_classify [OBJECT [ENTRY [STRIDE]]]
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include <bpf/bpf.h>
#include <cmocka.h>
#include <linux/bpf.h>

#include "classifier.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct protocol {
	uint8_t next;
	enum transport transport;
} protocols[] = {
	{ NEXT_TCP, TRANSPORT_TCP },	 { NEXT_UDP, TRANSPORT_UDP },
	{ NEXT_SCTP, TRANSPORT_SCTP },	 { NEXT_DCCP, TRANSPORT_DCCP },
	{ NEXT_UDPLITE, TRANSPORT_UDP },
};

static const uint16_t borders[] = { 0, 1023, 1024, 49151, 49152, 65535 };

static uint32_t entries[TRANSPORT_MAX][PORTS_MAX];

/*
 * A table where each port of a transport has a slot of its own, and ranks that
 * follow neither the ports nor the slots. The odd factors make permutations.
 */
static void make_entries(void)
{
	for (uint32_t transport = 0; transport < TRANSPORT_MAX; transport++)
		for (uint32_t port = 0; port < PORTS_MAX; port++)
			entries[transport][port] =
				ENTRY((port * 40503 + transport * 77) & 0xffff,
				      (port * 25173 + transport * 16384) & 0xffff);
}

static void open_classifier(struct classifier *classifier, enum count_by count_by)
{
	classifier_open(classifier,
			&(struct classifier_options){ .entries = entries, .count_by = count_by });
}

/* All that was run is where it belongs. */
static void close_classifier(struct classifier *classifier)
{
	classifier_check(classifier, "all together");
	classifier_close(classifier);
}

/* One frame that moves one counter. */
static void check_frame(struct classifier *classifier, const char *name, const uint8_t *bytes,
			size_t size, const struct verdict *verdict)
{
	int err = classifier_run(classifier, bytes, size, 0);
	static unsigned int frames;

	if (err)
		fail_msg("%s: %s", name, strerror(-err));
	classifier_expect(classifier, verdict, size);
	if (++frames % classifier_stride == 0)
		classifier_check(classifier, name);
}

static void each_case_moves_one_counter(void **state)
{
	(void)state;
	for (enum count_by by = 0; by < COUNT_BY_MAX; by++) {
		struct classifier classifier;

		open_classifier(&classifier, by);
		for (size_t i = 0; i < frame_cases_count; i++) {
			const struct frame_case *c = &frame_cases[i];

			check_frame(&classifier, c->name, c->bytes, c->size, &c->verdict);
		}
		close_classifier(&classifier);
	}
}

static void check_ports(struct classifier *classifier, const struct protocol *protocol,
			uint16_t source, uint16_t destination)
{
	const uint8_t ipv4[] = { ETHERNET(TYPE_IPV4), IPV4(protocol->next, 24),
				 PORTS(source, destination) };
	const uint8_t ipv6[] = { ETHERNET(TYPE_IPV6), IPV6(protocol->next, 4),
				 PORTS(source, destination) };
	const struct verdict verdict = { REASON_NONE, protocol->transport, source, destination };

	check_frame(classifier, "IPv4", ipv4, sizeof(ipv4), &verdict);
	check_frame(classifier, "IPv6", ipv6, sizeof(ipv6), &verdict);
}

/* Equal ports are equal entries: the tie goes to the destination. */
static void borders_of_the_classes_on_both_sides(void **state)
{
	struct classifier classifier;

	(void)state;
	open_classifier(&classifier, COUNT_BY_SERVICE);
	for (size_t i = 0; i < COUNT(protocols); i++)
		for (size_t from = 0; from < COUNT(borders); from++)
			for (size_t to = 0; to < COUNT(borders); to++)
				check_ports(&classifier, &protocols[i], borders[from], borders[to]);
	close_classifier(&classifier);
}

/* All mixes of the two tag types, 0 to 5 deep: bit n is the type of tag n. */
static void tags_of_either_type_up_to_five(void **state)
{
	static struct frame frame;
	struct classifier classifier;

	(void)state;
	open_classifier(&classifier, COUNT_BY_SERVICE);
	for (unsigned int depth = 0; depth <= 5; depth++) {
		for (unsigned int mix = 0; mix < 1u << depth; mix++) {
			const struct verdict verdict = { depth <= 4 ? REASON_NONE : REASON_TOO_DEEP,
							 TRANSPORT_TCP, 443, 51000 };

			frame.size = 0;
			FRAME_APPEND(&frame, 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2);
			for (unsigned int tag = 0; tag < depth; tag++)
				FRAME_APPEND(&frame, WORD(mix >> tag & 1 ? TYPE_S_TAG : TYPE_C_TAG),
					     0, 100);
			FRAME_APPEND(&frame, WORD(TYPE_IPV4), IPV4(NEXT_TCP, 24),
				     PORTS(443, 51000));
			check_frame(&classifier, "tags", frame.bytes, frame.size, &verdict);
		}
	}
	close_classifier(&classifier);
}

/* A chain of @depth headers whose kinds begin with @first in the cycle of all. */
static void make_chain(struct frame *frame, size_t first, size_t depth)
{
	static const uint8_t kinds[] = { NEXT_HOP, NEXT_ROUTING, NEXT_OPTIONS, NEXT_FRAGMENT,
					 NEXT_AH };

	frame->size = 0;
	FRAME_APPEND(frame, ETHERNET(TYPE_IPV6),
		     IPV6(depth ? kinds[first % COUNT(kinds)] : NEXT_SCTP, 1000));
	for (size_t i = 1; i <= depth; i++) {
		uint8_t next = i < depth ? kinds[(first + i) % COUNT(kinds)] : NEXT_SCTP;

		switch (kinds[(first + i - 1) % COUNT(kinds)]) {
		case NEXT_AH:
			FRAME_APPEND(frame, AH_24(next));
			break;
		case NEXT_FRAGMENT:
			FRAME_APPEND(frame, FRAGMENT(next, IPV6_MORE_FRAGMENTS));
			break;
		default:
			FRAME_APPEND(frame, OPTIONS_24(next));
		}
	}
	FRAME_APPEND(frame, PORTS(2905, 51000), ZEROS_4);
}

static void chains_of_every_kind_up_to_nine(void **state)
{
	static struct frame frame;
	struct classifier classifier;

	(void)state;
	open_classifier(&classifier, COUNT_BY_SERVICE);
	for (size_t depth = 0; depth <= 9; depth++) {
		for (size_t first = 0; first < 5; first++) {
			const struct verdict verdict = { depth <= 8 ? REASON_NONE : REASON_TOO_DEEP,
							 TRANSPORT_SCTP, 2905, 51000 };

			make_chain(&frame, first, depth);
			check_frame(&classifier, "chain", frame.bytes, frame.size, &verdict);
		}
	}
	close_classifier(&classifier);
}

/* Where a kernel hands the other entry a frame of many buffers, it sees the first. */
static void check_first_buffer(struct classifier *classifier)
{
	static const uint8_t jumbo[9000] = { ETHERNET(TYPE_ARP) };
	const struct verdict verdict = { .reason = REASON_ARP };
	const size_t linear = 1000;

	if (!classifier_run(classifier, jumbo, sizeof(jumbo), linear))
		classifier_expect(classifier, &verdict, linear);
	classifier_check(classifier, "the first buffer");
}

/* The same if the entry takes frames of many buffers, or what it does with them. */
static bool open_for_many_buffers(struct classifier *classifier)
{
	open_classifier(classifier, COUNT_BY_SERVICE);
	if (!classifier->linear)
		return true;
	check_first_buffer(classifier);
	close_classifier(classifier);
	return false;
}

static void check_sizes(struct classifier *classifier, const size_t *sizes, size_t count)
{
	const struct verdict verdict = { REASON_NONE, TRANSPORT_TCP, 445, 51000 };
	static struct frame frame;

	frame.size = 0;
	FRAME_APPEND(&frame, ETHERNET(TYPE_IPV4), IPV4(NEXT_TCP, 0), PORTS(445, 51000));
	for (size_t i = 0; i < count; i++)
		check_frame(classifier, "large", frame.bytes, sizes[i], &verdict);
}

static void large_frames_in_one_buffer_count_all_their_bytes(void **state)
{
	static const size_t sizes[] = { 1514, 1518, 3000 };
	struct classifier classifier;

	(void)state;
	open_classifier(&classifier, COUNT_BY_SERVICE);
	check_sizes(&classifier, sizes, COUNT(sizes));
	close_classifier(&classifier);
}

static void jumbo_frames_count_all_their_bytes(void **state)
{
	static const size_t sizes[] = { 4096, 9000, 9014, 65535 };
	struct classifier classifier;

	(void)state;
	if (!open_for_many_buffers(&classifier))
		return;
	check_sizes(&classifier, sizes, COUNT(sizes));
	check_frame(&classifier, "jumbo ARP", (const uint8_t[9000]){ ETHERNET(TYPE_ARP) }, 9000,
		    &(struct verdict){ .reason = REASON_ARP });
	close_classifier(&classifier);
}

/* Most kernels hand a program no less than an Ethernet header; test_parse.c does. */
static void frames_shorter_than_a_header_are_truncated_if_taken(void **state)
{
	static const uint8_t bytes[] = { ETHERNET(TYPE_ARP) };
	const struct verdict verdict = { .reason = REASON_TRUNCATED };
	struct classifier classifier;

	(void)state;
	open_classifier(&classifier, COUNT_BY_SERVICE);
	for (size_t size = 0; size < sizeof(bytes); size++) {
		int err = classifier_run(&classifier, bytes, size, 0);

		if (!err)
			classifier_expect(&classifier, &verdict, size);
		else
			assert_int_equal(err, -EINVAL);
	}
	close_classifier(&classifier);
}

/* A driver may leave some of the headers, or all, in the later buffers. */
static void headers_behind_the_first_buffer_are_found(void **state)
{
	struct classifier classifier;

	(void)state;
	if (!classifier_kernel_moves_headers()) {
		print_message("this kernel lets no program move headers\n");
		skip();
	}
	if (!open_for_many_buffers(&classifier))
		return;
	for (size_t i = 0; i < frame_cases_count; i++) {
		const struct frame_case *c = &frame_cases[i];

		for (size_t linear = 14; linear < c->size; linear++) {
			assert_int_equal(classifier_run(&classifier, c->bytes, c->size, linear), 0);
			classifier_expect(&classifier, &c->verdict, c->size);
		}
		classifier_check(&classifier, c->name);
	}
	close_classifier(&classifier);
}

/* Since 6.10 the kernel inlines the lookups; xlated instructions show that. */
static bool kernel_inlines_lookups(void)
{
	struct utsname system;
	int major, minor;

	assert_int_equal(uname(&system), 0);
	assert_int_equal(sscanf(system.release, "%d.%d", &major, &minor), 2);
	return major > 6 || (major == 6 && minor >= 10);
}

static size_t count_calls(int program, uint8_t kind)
{
	static struct bpf_insn instructions[4096];
	struct bpf_prog_info info = { .xlated_prog_len = sizeof(instructions),
				      .xlated_prog_insns = (uintptr_t)instructions };
	__u32 size = sizeof(info);
	size_t calls = 0;

	assert_int_equal(bpf_obj_get_info_by_fd(program, &info, &size), 0);
	assert_in_range(info.xlated_prog_len, 1, sizeof(instructions));
	for (size_t i = 0; i < info.xlated_prog_len / sizeof(*instructions); i++)
		calls += instructions[i].code == (BPF_JMP | BPF_CALL) &&
			 instructions[i].src_reg == kind;
	return calls;
}

/*
 * What is left is for frames of many buffers: their length, and, where the
 * kernel can, a function that moves their headers and the call that does.
 */
static void nothing_is_called_for_a_frame_of_one_buffer(void **state)
{
	struct classifier classifier;
	size_t moves;

	(void)state;
	if (!kernel_inlines_lookups()) {
		print_message("this kernel calls a function to look up per-CPU maps\n");
		skip();
	}
	open_classifier(&classifier, COUNT_BY_SERVICE);
	moves = !classifier.linear && classifier_kernel_moves_headers();
	assert_int_equal(count_calls(classifier.program, BPF_PSEUDO_KFUNC_CALL), moves);
	assert_int_equal(count_calls(classifier.program, BPF_PSEUDO_CALL), moves);
	assert_int_equal(count_calls(classifier.program, 0), !classifier.linear);
	close_classifier(&classifier);
}

/* Older kernels take more steps, and refuse the program behind a million of them. */
static void the_verifier_has_room_left(void **state)
{
	struct bpf_prog_info info = { 0 };
	__u32 size = sizeof(info);
	struct classifier classifier;

	(void)state;
	open_classifier(&classifier, COUNT_BY_SERVICE);
	assert_int_equal(bpf_obj_get_info_by_fd(classifier.program, &info, &size), 0);
	assert_in_range(info.verified_insns, 0, 100000);
	close_classifier(&classifier);
}

static int run(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_case_moves_one_counter),
		cmocka_unit_test(borders_of_the_classes_on_both_sides),
		cmocka_unit_test(tags_of_either_type_up_to_five),
		cmocka_unit_test(chains_of_every_kind_up_to_nine),
		cmocka_unit_test(large_frames_in_one_buffer_count_all_their_bytes),
		cmocka_unit_test(jumbo_frames_count_all_their_bytes),
		cmocka_unit_test(frames_shorter_than_a_header_are_truncated_if_taken),
		cmocka_unit_test(headers_behind_the_first_buffer_are_found),
		cmocka_unit_test(nothing_is_called_for_a_frame_of_one_buffer),
		cmocka_unit_test(the_verifier_has_room_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

int main(int argc, char **argv)
{
	make_entries();
	return classifier_main(argc, argv, run);
}
