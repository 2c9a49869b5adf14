/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The table of the services of a card. */

const ROWS = 15, ROWS_MAX = 1000;

const SORTS = {
	name: (one, other) => !one.now.service - !other.now.service || one.name.localeCompare(other.name),
	port: (one, other) => one.now.first - other.now.first,
	to: (one, other) => other.to[view.unit] - one.to[view.unit],
	from: (one, other) => other.from[view.unit] - one.from[view.unit],
	rate: (one, other) => other.smooth[view.unit] - one.smooth[view.unit],
	count: (one, other) => Number(other.count[view.unit] - one.count[view.unit]),
};

/* Put rows in order and move only those that have another place, so that focus stays. */
function place(body, rows) {
	rows.forEach((row, i) => {
		if (body.children[i] !== row)
			body.insertBefore(row, body.children[i] || null);
	});
	while (body.children.length > rows.length)
		body.lastChild.remove();
}

/* A cell of two lines: the unit that is charted above, the other below. */
function say_pair(cell, value, words) {
	const order = view.unit === "packets" ? UNITS : [...UNITS].reverse();

	if (!cell.firstChild)
		cell.append(make("span"), make("span"));
	cell.classList.toggle("zero", !Number(value.packets) && !Number(value.bytes));
	order.forEach((unit, i) =>
		say(cell.children[i], amount(value[unit], unit), words(value[unit], unit)));
}

/* To the service upwards, from it downwards. */
function trend_of(service) {
	const values = side => service.trend.map(each => each[side][view.unit]);
	const most = Math.max(1e-9, ...values("to"), ...values("from"));
	const x = i => (100 * (i + TREND - service.trend.length) / (TREND - 1)).toFixed(1);
	const shape = (side, up) => {
		const points = values(side).map((value, i) => `L${x(i)} ${(16 - up * value / most).toFixed(1)}`);

		return draw("path", { class: side, d: `M${x(0)} 16${points.join("")}L100 16Z` });
	};

	return draw("svg", { viewBox: "0 0 100 32", preserveAspectRatio: "none", "aria-hidden": "true" },
		    shape("to", 15), shape("from", -15));
}

function row_of(service) {
	const { now } = service;
	const name = make("div", { class: "name" }, service.name);
	const retired = now.status === "retired" ? ", retired" : "";
	const bar = make("div", { class: "bar" }, make("i", { class: "to" }), make("i", { class: "from" }));

	name.title = `${service.name}: ${now.status}, ${now.class} port, from the ${now.origin}`;
	return make("tr", now.service ? null : { class: "nameless" },
		    make("th", { scope: "row" }, name, make("div", { class: "port" }, key_of(now.class),
							    `${ports_of(now)}/${now.transport}${retired}`)),
		    make("td", { class: "trend" }),
		    make("td", { class: "pair" }),
		    make("td", { class: "pair" }),
		    make("td", { class: "share" }, make("div", null, bar, make("span"))),
		    make("td", { class: "pair since-start" }));
}

class ServiceTable {
	constructor(root) {
		this.body = root.querySelector("tbody");
		this.more = root.querySelector(".more");
		this.nothing = root.querySelector(".nothing");
		this.buttons = [...root.querySelectorAll("[data-sort]")];
		this.sort = "rate";
		this.all = false;
		this.clear();
		this.more.onclick = () => {
			this.all = !this.all;
			this.show();
		};
		for (const button of this.buttons)
			button.onclick = () => this.sort_by(button.dataset.sort);
	}

	/* After that, rates take two readings. */
	clear() {
		this.services = new Map();
		this.total = null;
	}

	measure(now, before, seconds, total) {
		this.total = total;
		for (const [key, shown] of now) {
			if (!this.services.has(key))
				this.services.set(key, new Service());
			this.services.get(key).read(shown, before.get(key), seconds);
		}
	}

	/* Of the total, what has the name of a service. */
	named() {
		let named = 0;

		for (const service of this.services.values())
			named += service.now.service ? service.rate[view.unit] : 0;
		return named / this.total[view.unit];
	}

	sort_by(sort) {
		this.sort = sort;
		for (const button of this.buttons)
			button.setAttribute("aria-pressed", button.dataset.sort === sort);
		this.show();
	}

	show() {
		const wanted = [...this.services.values()].filter(service => service.matches(view.query));
		const limit = this.all || view.query ? ROWS_MAX : ROWS;
		const shown = wanted.sort(SORTS[this.sort]).slice(0, limit);

		shown.forEach(service => this.show_service(service));
		place(this.body, shown.map(service => service.row));
		this.more.hidden = wanted.length <= ROWS || Boolean(view.query);
		say(this.more, this.all ? `Show the first ${ROWS}` : `Show all ${wanted.length} services`);
		this.nothing.hidden = wanted.length > 0;
		say(this.nothing, this.why_empty());
	}

	why_empty() {
		if (view.query)
			return "No service that was counted here matches.";
		return this.total ? "No frame with a port has been counted yet." : "Rates need two readings: a moment.";
	}

	show_service(service) {
		if (service.status !== service.now.status) {
			service.status = service.now.status;
			service.row = row_of(service);
		}
		const [, trend, to, from, share, count] = service.row.cells;

		trend.replaceChildren(trend_of(service));
		say_pair(to, service.to, wording);
		say_pair(from, service.from, wording);
		say_pair(count, service.count, (value, unit) => `${exact(value)} ${unit}`);
		this.show_share(share.firstChild, service);
	}

	show_share(box, service) {
		const [bar, text] = box.children, total = this.total[view.unit];
		const share = value => total ? value[view.unit] / total : 0;

		SIDES.forEach((side, i) => {
			bar.children[i].style.width = `${100 * share(service[side])}%`;
		});
		say(text, percent(share(service.rate)));
	}
}
