#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# shellcheck disable=SC2154 # the helpers set what is not set here
#
# What is in deploy/: read by the tools that it is made for, and the image run as
# the DaemonSet runs it.

load helper
load agent

DEPLOY=$ROOT/deploy
CHART=$DEPLOY/helm/portclass

teardown() {
	world_close
	cgroups_remove
}

need() {
	command -v "$1" >/dev/null || skip "no $1 here (${2:-try: tools/setup.sh test})"
}

# Debian's own Python, which has Debian's packages.
check() {
	/usr/bin/python3 "$ROOT/tests/deploy_check.py" "$@"
}

@test "kustomize makes the plain manifest, and what it must not lack is there" {
	need kubectl
	kubectl kustomize "$DEPLOY/kubernetes/base" >"$BATS_TEST_TMPDIR/base.yaml"
	check same "$DEPLOY/kubernetes/portclass.yaml" "$BATS_TEST_TMPDIR/base.yaml"
	check hardened "$BATS_TEST_TMPDIR/base.yaml"
	check hardened "$DEPLOY/kubernetes/portclass.yaml"
	check hosts "$DEPLOY/kubernetes/portclass.yaml"
}

@test "the pod monitor is an option" {
	need kubectl
	kubectl kustomize "$DEPLOY/kubernetes/pod-monitor" >"$BATS_TEST_TMPDIR/monitored.yaml"
	grep -x 'kind: PodMonitor' "$BATS_TEST_TMPDIR/monitored.yaml"
	grep -x 'kind: DaemonSet' "$BATS_TEST_TMPDIR/monitored.yaml"
	run ! grep PodMonitor "$DEPLOY/kubernetes/portclass.yaml"
}

@test "the settings and the overlay that the manifest brings are good" {
	/usr/bin/python3 - "$DEPLOY/kubernetes/portclass.yaml" "$BATS_TEST_TMPDIR" <<-'END'
	import sys, yaml
	config = next(each for each in yaml.safe_load_all(open(sys.argv[1])) if each["kind"] == "ConfigMap")
	for name, text in config["data"].items():
	    open(f"{sys.argv[2]}/{name}", "w").write(text.replace("/etc/portclass", sys.argv[2]))
	END
	"$PORTCLASS" agent check config "$BATS_TEST_TMPDIR/agent.conf" listen '[192.0.2.7]:9635' |
		grep -x 'ready running'
	"$PORTCLASS" lookup 10250/tcp overlay "$BATS_TEST_TMPDIR/site.services" | grep kubernetes/kubelet
}

@test "the chart's values have defaults and a schema, which refuses bad ones" {
	check values "$CHART"
}

@test "the chart makes what kustomize makes" {
	need kubectl
	need go "not in the test set for its size; try: apt-get install golang-go"
	kubectl kustomize "$DEPLOY/kubernetes/base" >"$BATS_TEST_TMPDIR/base.yaml"
	export GOCACHE=$BATS_TEST_TMPDIR/go
	render() {
		go run "$ROOT/tests/helm_render.go" "$1" "$CHART"/templates/_names.tpl "$CHART"/templates/*.yaml
	}
	check json "$CHART" >"$BATS_TEST_TMPDIR/values.json"
	render "$BATS_TEST_TMPDIR/values.json" >"$BATS_TEST_TMPDIR/chart.yaml"
	check helm "$BATS_TEST_TMPDIR/chart.yaml" "$BATS_TEST_TMPDIR/base.yaml"
	check hardened "$BATS_TEST_TMPDIR/chart.yaml"
	grep -x "    ready running" "$BATS_TEST_TMPDIR/chart.yaml"
	check hosts "$BATS_TEST_TMPDIR/chart.yaml"

	check json "$CHART" 'dev=["eth*","bond?"]' 'except=["eth9"]' detachOnExit=true takeOver=true \
		'overlay=""' 'host=["counts.example"]' \
		'podMonitor={"enabled":true,"interval":"1m","labels":{"release":"x"}}' \
		'service={"enabled":false}' 'podLabels={"a":"b"}' >"$BATS_TEST_TMPDIR/values.json"
	render "$BATS_TEST_TMPDIR/values.json" >"$BATS_TEST_TMPDIR/chart.yaml"
	check hardened "$BATS_TEST_TMPDIR/chart.yaml"
	grep -F "\"[\$(NODE_IP)]:9635\"" "$BATS_TEST_TMPDIR/chart.yaml"
	grep -x 'kind: PodMonitor' "$BATS_TEST_TMPDIR/chart.yaml"
	grep -x '    except eth9' "$BATS_TEST_TMPDIR/chart.yaml"
	[ "$(grep '^    host ' "$BATS_TEST_TMPDIR/chart.yaml")" = '    host counts.example' ]
	grep -x '    take-over' "$BATS_TEST_TMPDIR/chart.yaml"
	run ! grep -E 'kind: Service$|overlay' "$BATS_TEST_TMPDIR/chart.yaml"
}

@test "Prometheus takes the configuration, and the rules do what they say" {
	need promtool
	cd "$DEPLOY/prometheus"
	promtool check config prometheus.yml
	promtool check rules rules.yml
	promtool test rules rules_test.yml
	check scrape kubernetes.yml >"$BATS_TEST_TMPDIR/prometheus.yml"
	promtool check config "$BATS_TEST_TMPDIR/prometheus.yml"
}

@test "every alert has a test" {
	mapfile -t alerts < <(sed -n 's/.*- alert: //p' "$DEPLOY/prometheus/rules.yml")
	[ "${#alerts[@]}" -gt 4 ]
	for alert in "${alerts[@]}"; do
		echo "$alert"
		grep -q "alertname: $alert" "$DEPLOY/prometheus/rules_test.yml"
	done
}

@test "the dashboard's queries are such" {
	need promtool
	check queries "$DEPLOY/grafana/portclass.json" >"$BATS_TEST_TMPDIR/queries.yml"
	promtool check rules "$BATS_TEST_TMPDIR/queries.yml"
}

@test "rules and dashboard ask for nothing that an agent does not say" {
	world_open
	listen=127.0.0.1:9635 agent_start dev eth0
	agent_says 'eth0: attached'
	on_host curl -sf http://127.0.0.1:9635/metrics >"$BATS_TEST_TMPDIR/metrics"
	check metrics "$BATS_TEST_TMPDIR/metrics" "$DEPLOY/prometheus/rules.yml" \
		"$DEPLOY/prometheus/rules_test.yml" "$DEPLOY/grafana/portclass.json"
	sed 's/portclass_series_folded/portclass_folded/' "$DEPLOY/prometheus/rules.yml" >"$BATS_TEST_TMPDIR/bad.yml"
	run ! check metrics "$BATS_TEST_TMPDIR/metrics" "$BATS_TEST_TMPDIR/bad.yml"
}

@test "systemd takes the units, and finds them hardened" {
	need systemd-analyze "a part of systemd"
	for unit in portclass-agent portclass@; do
		sed "s|/usr/bin/portclass|$PORTCLASS|" "$DEPLOY/systemd/$unit.service" >"$BATS_TEST_TMPDIR/$unit.service"
	done
	run -0 systemd-analyze verify --man=no "$BATS_TEST_TMPDIR"/{portclass-agent,portclass@eth0}.service
	[ -z "$output" ]
	for unit in portclass-agent portclass@eth0; do
		systemd-analyze security --offline=true --threshold=30 "$BATS_TEST_TMPDIR/$unit.service" |
			grep 'exposure level'
	done
}

# A container's cgroups are the machine's, whatever namespaces it is in. They vanish when
# the world's last process has.
PARENT=portclass-${BATS_RUN_TMPDIR##*-}-test

cgroups() {
	find /sys/fs/cgroup -depth -type d -path "*/$PARENT*" 2>/dev/null
}

cgroups_removed() {
	cgroups | xargs -r rmdir 2>/dev/null
	[ -z "$(cgroups)" ]
}

cgroups_remove() {
	[ -z "${podman:-}" ] || eventually cgroups_removed
}

# need_containers: skip, with what was said, where cgroups can't be made: a tiny container
# is tried, once a file.
need_containers() {
	local probe=$BATS_FILE_TMPDIR/containers

	[ -e "$probe" ] || {
		pod probe -V >"$probe.said" 2>&1 && : >"$probe.fine"
		mv "$probe.said" "$probe"
	}
	[ ! -e "$probe.fine" ] || return 0
	! grep -qi cgroup "$probe" || skip "cgroups can't be used here: $(grep -i cgroup "$probe" | tail -n 1)"
	cat "$probe"
	return 1
}

# An image store and a network of this test's own, in the world.
image_open() {
	local store=$BATS_TEST_TMPDIR/store

	need_root
	need podman
	need runc
	world_open
	on_host grep -qE '^([^ ]+ ){4}/ ' /proc/self/mountinfo ||
		skip "podman remounts the root, which is no mount here (a chroot)"
	# It keeps a cache there, wherever the store is; and there is what dpkg knows.
	mkdir -p "$store/lib/dpkg" "$store/home"
	on_host mount --bind /var/lib/dpkg "$store/lib/dpkg"
	on_host mount --rbind "$store/lib" /var/lib
	export HOME=$store/home
	unset XDG_CONFIG_HOME XDG_CACHE_HOME XDG_DATA_HOME XDG_RUNTIME_DIR
	podman=(podman --root "$store/root" --runroot /run/store --runtime runc --cgroup-manager cgroupfs)
	on_host make -s image IMAGE=portclass:test PODMAN="podman --root $store/root --runroot /run/store"
	# containerd's default lets bpf(2) pass with CAP_BPF; podman's asks for more.
	jq '.syscalls |= [{names: ["bpf"], action: "SCMP_ACT_ALLOW", includes: {caps: ["CAP_BPF"]}}] +
		map(.names -= ["bpf"])' /usr/share/containers/seccomp.json >"$BATS_TEST_TMPDIR/seccomp.json"
	need_containers
}

on_podman() {
	on_host "${podman[@]}" "$@"
}

# pod NAME ARGUMENT...: as the DaemonSet has it.
pod() {
	local name=$1

	shift
	on_podman run --rm --pull never --name "$name" --cgroup-parent "/$PARENT" --ulimit nofile=1024:1024 --ulimit nproc=1024:1024 \
		--cap-drop ALL --cap-add BPF,NET_ADMIN,PERFMON --read-only --network host \
		--security-opt "seccomp=$BATS_TEST_TMPDIR/seccomp.json" --security-opt no-new-privileges \
		-v /sys/fs/bpf:/sys/fs/bpf portclass:test "$@" </dev/null
}

is_ready() {
	on_host curl -sf -o /dev/null "http://127.0.0.1:$1/readyz"
}

# pod_start NAME PORT: an agent, ready.
pod_start() {
	pod "$1" agent dev eth0 listen "127.0.0.1:$2" >>"$log" 2>&1 3>&- &
	eventually is_ready "$2" || { cat "$log"; return 1; }
}

pod_stop() {
	on_podman stop --time 5 "$1"
}

@test "the image is small" {
	image_open
	size=$(on_podman image inspect --format '{{.Size}}' portclass:test)
	echo "$size bytes"
	[ "$size" -lt 5000000 ]
	run -0 pod one lookup 443/tcp
	[[ $output == *https* ]]
	run -0 pod one -V
}

@test "three capabilities and a read-only root are enough, and a rolling update loses nothing" {
	image_open
	pod_start old 9635
	traffic_start
	# The old one stops first, as the DaemonSet does it.
	pod_stop old
	pod_start new 9635
	# The new one starts first.
	pod_start newer 9636
	pod_stop new
	is_ready 9636
	# The new one starts first and wants the same port: it goes, and harms nobody.
	run -2 pod clash agent dev eth0 listen 127.0.0.1:9636
	[[ $output == *"Address already in use"* ]]
	is_ready 9636
	traffic_stop
	conserved
	[ "$(packets to udp domain)" -gt 100 ]
	pod_stop newer
	conserved
	portclass detach dev eth0
	nothing_is_pinned
}
