// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * XDP, in the driver or behind it. An interface has one place for such a program: who holds
 * it is named, and left alone.
 */
#include "kernel/hook.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/if_link.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "kernel/capability.h"
#include "kernel/ifindex.h"
#include "kernel/kernel_words.h"
#include "base/log.h"
#include "kernel/xdp_query.h"

/* The name of a program; empty if the kernel does not tell (CAP_SYS_ADMIN). */
static void program_name(char name[BPF_OBJ_NAME_LEN], __u32 id)
{
	struct bpf_prog_info info = { 0 };
	__u32 size = sizeof(info);
	int fd = bpf_prog_get_fd_by_id(id);

	if (fd >= 0 && !bpf_obj_get_info_by_fd(fd, &info, &size))
		memcpy(name, info.name, BPF_OBJ_NAME_LEN);
	else
		name[0] = '\0';
	if (fd >= 0)
		close(fd);
}

static bool link_holds(__u32 id, unsigned int ifindex, __u32 program)
{
	struct bpf_link_info info = { 0 };
	__u32 size = sizeof(info);
	int fd = bpf_link_get_fd_by_id(id);
	bool holds;

	if (fd < 0)
		return false;
	holds = !bpf_obj_get_info_by_fd(fd, &info, &size) && info.type == BPF_LINK_TYPE_XDP &&
		info.xdp.ifindex == ifindex && info.prog_id == program;
	close(fd);
	return holds;
}

/* The link by which a program is attached; 0: by none, so by netlink; -errno. */
static int link_of(unsigned int ifindex, __u32 program)
{
	__u32 id = 0;
	int err;

	while (!(err = bpf_link_get_next_id(id, &id)))
		if (link_holds(id, ifindex, program))
			return (int)id;
	return err == -ENOENT ? 0 : err;
}

/* @mode: the word of ip(8) for where the program runs. */
static int report_owner(const char *interface, unsigned int ifindex, __u32 program,
			const char *mode)
{
	char name[BPF_OBJ_NAME_LEN], quoted[BPF_OBJ_NAME_LEN + 3] = "", owner[160];
	int link = link_of(ifindex, program);

	program_name(name, program);
	if (name[0])
		snprintf(quoted, sizeof(quoted), " '%s'", name);
	if (link > 0)
		snprintf(owner, sizeof(owner),
			 "bpf_link id %d (to free the slot: bpftool link detach id %d)", link,
			 link);
	else if (!link)
		snprintf(owner, sizeof(owner),
			 "netlink (to free the slot: ip link set dev %s %s off)", interface, mode);
	else
		snprintf(owner, sizeof(owner),
			 "netlink or a bpf_link (which of them, the kernel tells CAP_SYS_ADMIN "
			 "only)");
	return log_say_of(OUTCOME_BUSY, interface, "XDP program id %u%s is attached already, by %s",
			  program, quoted, owner);
}

static int check(const char *interface, unsigned int ifindex)
{
	struct xdp_query query;
	const struct {
		const __u32 *program;
		const char *mode;
	} places[] = {
		{ &query.native, "xdpdrv" },
		{ &query.generic, "xdpgeneric" },
		{ &query.offload, "xdpoffload" },
	};
	int err = xdp_query(&query, ifindex);

	if (err)
		return err == -ENODEV ? ifindex_say_none(interface) : err;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (*places[i].program)
			return report_owner(interface, ifindex, *places[i].program, places[i].mode);
	return 0;
}

/*
 * Creating a link tells an errno only; asking by netlink gets the kernel's words.
 * Should netlink succeed after all, it is undone.
 */
static const char *ask_reason(unsigned int ifindex, int program, unsigned int flags)
{
	LIBBPF_OPTS(bpf_xdp_attach_opts, mine, .old_prog_fd = program);

	kernel_words_forget();
	if (!bpf_xdp_attach((int)ifindex, program, flags | XDP_FLAGS_UPDATE_IF_NOEXIST, NULL))
		bpf_xdp_detach((int)ifindex, flags, &mine);
	return kernel_words_reason();
}

/* What drivers want changed, by a word of their reason; the interface between. */
static const struct advice {
	const char *word;
	const char *before;
	const char *after;
} advices[] = {
	{ "MTU", "ip link set dev ", " mtu 1500" },
	{ "LRO", "ethtool -K ", " lro off" },
	{ "GRO", "ethtool -K ", " rx-gro-hw off" },
	{ "queue", "ethtool -L ", " combined 1" },
	{ "ring", "ethtool -L ", " combined 1" },
	{ "channel", "ethtool -L ", " combined 1" },
	{ "upper device", "detach what lies above ", ", and attach that again behind it" },
	{ "native", "portclass attach dev ", " mode generic" },
};

static void advise(char *text, size_t size, const char *reason, const char *interface)
{
	for (size_t i = 0; i < sizeof(advices) / sizeof(advices[0]); i++) {
		if (!strcasestr(reason, advices[i].word))
			continue;
		snprintf(text, size, " (try: %s%s%s)", advices[i].before, interface,
			 advices[i].after);
		return;
	}
}

static unsigned int flags_of(const struct hook *hook)
{
	return hook == &hook_xdp ? XDP_FLAGS_DRV_MODE : XDP_FLAGS_SKB_MODE;
}

static int attach(const struct hook *hook, unsigned int ifindex, int program)
{
	LIBBPF_OPTS(bpf_link_create_opts, create, .flags = flags_of(hook));

	return bpf_link_create(program, (int)ifindex, BPF_XDP, &create);
}

static int explain(const struct hook *hook, const char *interface, unsigned int ifindex,
		   int program, int err)
{
	char what[512], advice[128] = "";
	const char *reason;
	int present;

	if (err == -EBUSY || err == -EEXIST) {
		int busy = check(interface, ifindex);

		if (busy)
			return busy;
		err = -EBUSY; /* the kernel's words say with what */
	}
	present = ifindex_of(interface);
	if (present >= 0 && (unsigned int)present != ifindex)
		return log_say(OUTCOME_NO_INTERFACE,
			       "attach to %s: the interface went away meanwhile", interface);
	reason = ask_reason(ifindex, program, flags_of(hook));
	if (hook == &hook_xdp)
		advise(advice, sizeof(advice), err == -EOPNOTSUPP ? "native" : reason, interface);
	snprintf(what, sizeof(what), "attach to %s in %s mode%s%s%s", interface, hook_mode(hook),
		 reason[0] ? ": " : "", reason, advice);
	capability_explain(err, what);
	return err == -EBUSY ? OUTCOME_BUSY : err;
}

static int update(int link, int program, int old)
{
	LIBBPF_OPTS(bpf_link_update_opts, options, .flags = BPF_F_REPLACE,
		    .old_prog_fd = (__u32)old);

	return bpf_link_update(link, program, &options);
}

static unsigned int ifindex(const struct bpf_link_info *link)
{
	return link->xdp.ifindex;
}

/* An index and an inode may be taken anew; the number of a program is one's own. */
static int query(struct hook_place *place, const struct bpf_link_info *link)
{
	struct xdp_query programs;
	int err;

	place->ifindex = link->xdp.ifindex;
	if (!place->ifindex)
		return 0;
	err = xdp_query(&programs, place->ifindex);
	if (err)
		return err == -ENODEV ? 0 : err;
	if (programs.native == link->prog_id)
		place->hook = &hook_xdp;
	else if (programs.generic == link->prog_id)
		place->hook = &hook_generic;
	return 0;
}

#define XDP_HOOK(word, older, driver) \
	{ \
		.name = (word), .mode = (older), .of_driver = (driver), .direction = DIRECTION_RX, \
		.link_type = BPF_LINK_TYPE_XDP, .check = check, .attach = attach, \
		.explain = explain, .update = update, .ifindex = ifindex, .query = query \
	}

const struct hook hook_xdp = XDP_HOOK("xdp", "native", true);		/* in the driver */
const struct hook hook_generic = XDP_HOOK("generic", "generic", false); /* behind it, slower */
