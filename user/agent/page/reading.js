/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The agent's answers as readings, one for each direction of an interface, and the
 * rates between two of them. Counters are unsigned 64-bit, so they are BigInt here.
 */

const TREND = 60;	/* readings that a service remembers */
const SMOOTHING = 0.4;	/* of the rate that it is sorted by, or rows would dance */

/* Beyond 53 bits JSON.parse would round, so such numbers are read as text. */
function parse(text) {
	return JSON.parse(text.replace(/"(packets|bytes|since_boot)":\s*(\d{16,})/g, '"$1":"$2"'));
}

const counter = shown => per_unit(unit => BigInt(shown[unit]));
const plus = (one, other) => per_unit(unit => one[unit] + other[unit]);

/* A retired service and its successor may have the same labels: they are one row. */
function services_of(shown, direction) {
	const services = new Map();

	for (const one of shown.services) {
		if (one.direction !== direction)
			continue;
		const key = [one.service, one.transport, one.first, one.last].join(" ");
		const before = services.get(key);
		const sums = Object.fromEntries(SIDES.map(side =>
			[side, before ? plus(before[side], counter(one[side])) : counter(one[side])]));
		services.set(key, { ...(before && one.status === "retired" ? before : one), ...sums });
	}
	return services;
}

function counters_of(list, direction, key) {
	return new Map(list.filter(each => each.direction === direction)
		.map(each => [each[key], counter(each)]));
}

function readings_of(answer) {
	return answer.flatMap(shown => shown.total.map(({ direction, ...total }) => ({
		shown,
		direction,
		key: `${shown.interface} ${direction}`,
		epoch: `${shown.since_boot} ${shown.ifindex}`,
		total: counter(total),
		classes: counters_of(shown.classes, direction, "class"),
		reasons: counters_of(shown.unclassified, direction, "reason"),
		services: services_of(shown, direction),
	})));
}

/* What counts less than before began anew: what it shows now is new. */
function rate(now, before, seconds) {
	const anew = !before || before.packets > now.packets || before.bytes > now.bytes;

	return per_unit(unit => Number(now[unit] - (anew ? 0n : before[unit])) / seconds);
}

function rates_of(now, before, seconds) {
	return new Map([...now].map(([name, value]) => [name, rate(value, before.get(name), seconds)]));
}

class Service {
	constructor() {
		this.trend = [];
		this.smooth = IDLE;
	}

	read(now, before, seconds) {
		this.now = now;
		this.count = plus(now.to, now.from);
		for (const side of SIDES)
			this[side] = rate(now[side], before?.[side], seconds);
		this.rate = plus(this.to, this.from);
		const weight = this.trend.length ? SMOOTHING : 1;
		this.smooth = per_unit(unit =>
			this.smooth[unit] + (this.rate[unit] - this.smooth[unit]) * weight);
		this.trend.push({ to: this.to, from: this.from });
		this.trend.splice(0, this.trend.length - TREND);
	}

	get name() {
		return this.now.service || this.now.was || this.now.status;
	}

	/* 443, 443/t, or a part of its name, class or status. */
	matches(query) {
		const { first, last, transport, status } = this.now;
		const [, port, start] = /^(\d+)(?:\/(\w*))?$/.exec(query) || [];

		if (port && first <= port && port <= last && transport.startsWith(start || ""))
			return true;
		return `${this.name} ${ports_of(this.now)}/${transport} ${this.now.class} ${status}`
			.toLowerCase().includes(query);
	}
}
