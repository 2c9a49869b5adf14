/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What is shown of one direction of one interface. */

const DIRECTIONS = { rx: "received", tx: "sent" };
const CLASSES = { system: "ports 0-1023", user: "ports 1024-49151", dynamic: "ports 49152-65535" };
const REASONS = {
	truncated: "the frame ends before its ports",
	malformed: "version and lengths of the IP header contradict",
	too_deep: "more VLAN tags or IPv6 extension headers than are followed",
	fragment: "a later fragment, which has no ports",
	arp: "ARP",
	non_ip: "neither IPv4 nor IPv6",
	icmp: "ICMP and ICMPv6",
	other_l4: "a protocol without ports, or one that is not followed",
};

/* A line of the sums; @speed is null while no rate is known. */
function sum_row(name, title, band, speed, count) {
	const cells = UNITS.map(unit => speed ?
		make("td", { title: wording(speed[unit], unit) }, amount(speed[unit], unit)) :
		make("td", null, "..."));

	return make("tr", null, make("th", { scope: "row", title }, key_of(band), name), ...cells,
		    make("td", { title: exactly(count) }, short(count.packets)));
}

class Card {
	constructor() {
		this.root = at("card").content.firstElementChild.cloneNode(true);
		this.fields = {};
		for (const element of this.root.querySelectorAll("[data-field]"))
			this.fields[element.dataset.field] = element;
		this.chart = new Chart(this.root.querySelector(".chart"));
		this.services = new ServiceTable(this.root.querySelector(".services"));
		this.reading = null;
		at("interfaces").append(this.root);
	}

	/*
	 * Seconds between two readings, by the clock of the agent, which reads once a second
	 * whoever asks; by our own where that one was set.
	 */
	seconds_since(last, reading, time) {
		const seconds = last ? reading.shown.timestamp - last.shown.timestamp : 0;

		return seconds >= 0 && seconds < 120 ? seconds : (time - this.time) / 1000;
	}

	/* A reset shows as a gap: how much was counted before it, nobody knows. */
	read(reading, time) {
		const last = this.reading, seconds = this.seconds_since(last, reading, time);

		if (last && !seconds)
			return; /* it is the same reading */
		this.reading = reading;
		this.time = time;
		if (last && last.epoch === reading.epoch && last.total.packets <= reading.total.packets) {
			this.measure(last, seconds);
			this.chart.add(time, seconds, this.rates);
		} else {
			this.rates = null;
			this.services.clear();
			this.chart.gap(time);
		}
		this.show();
	}

	measure(last, seconds) {
		const { total, classes, reasons, services } = this.reading;
		const of_classes = rates_of(classes, last.classes, seconds);
		const of_reasons = rates_of(reasons, last.reasons, seconds);
		const portless = [...of_reasons.values()].reduce(plus, IDLE);
		const bands = BANDS.map(band => band === "portless" ? portless : of_classes.get(band) || IDLE);

		this.rates = { total: rate(total, last.total, seconds), bands,
			       classes: of_classes, reasons: of_reasons };
		this.services.measure(services, last.services, seconds, this.rates.total);
	}

	show() {
		this.show_head();
		this.show_tiles();
		this.show_sums();
		this.services.show();
		this.chart.show();
	}

	show_head() {
		const { shown, direction, key } = this.reading, { name, date, sha256 } = shown.registry;

		this.root.setAttribute("aria-label", key);
		say(this.fields.interface, shown.interface || "pinned maps", `interface ${shown.ifindex}`);
		say(this.fields.direction, DIRECTIONS[direction] || direction);
		say(this.fields.registry, `registry ${name}${date ? ` of ${date}` : ""}`, `SHA-256 ${sha256}`);
		if (shown.since) {
			const since = new Date(shown.since);

			say(this.fields.since, `counting for ${duration((told - since) / 1000)}`,
			    `since ${since.toLocaleString()}`);
		}
	}

	show_tiles() {
		const total = this.rates?.total, count = this.reading.total;

		for (const unit of UNITS)
			this.show_tile(unit, total ? amount(total[unit], unit) : "...", "/s",
				       total ? wording(total[unit], unit) : "after the second reading");
		this.show_tile("named", total?.[view.unit] ? percent(this.services.named()) : "...", "",
			       `of the ${view.unit} of now`);
		this.show_tile("total", short(count.packets), amount(count.bytes, "bytes"), exactly(count));
	}

	show_tile(field, text, small, title) {
		this.fields[field].replaceChildren(`${text} `, make("small", null, small));
		this.fields[field].title = title;
	}

	/* Classes even if they counted nothing, reasons only if they did. */
	show_sums() {
		const { classes, reasons } = this.reading;
		const speed = (map, name) => this.rates && (this.rates[map].get(name) || IDLE);

		this.fields.classes.replaceChildren(...Object.entries(CLASSES).map(([name, title]) =>
			sum_row(name, title, name, speed("classes", name), classes.get(name) || NONE)));
		this.fields.reasons.replaceChildren(...[...reasons].map(([name, count]) =>
			sum_row(name, REASONS[name] || name, "portless", speed("reasons", name), count)));
	}
}
