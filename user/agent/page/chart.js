/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Bands over time, stacked, with gaps where nothing is known. */

const SPAN = 300e3;		/* ms, at most */
const SPAN_FIRST = 60e3;	/* ms, at least */
const LEFT = 46, TOP = 8, BOTTOM = 20;
const BANDS = ["system", "user", "dynamic", "portless"];

/* Round numbers from 0 to above the most there is. */
function ticks(most) {
	const rough = Math.max(most, 4) / 4, power = 10 ** Math.floor(Math.log10(rough));
	const step = [1, 2, 2.5, 5, 10].find(each => each * power >= rough) * power;

	return Array.from({ length: Math.ceil(rough * 4 / step) + 1 }, (_, i) => i * step);
}

/* 2.5k, 60k: of a round number the zeros say nothing. */
function tick_text(value) {
	return amount(value, view.unit).replace(/(\.\d*?)0+(?!\d)/, "$1").replace(/\.(?!\d)/, "");
}

function time_text(ago) {
	if (!ago)
		return "now";
	return ago % 60e3 ? `-${ago / 1e3} s` : `-${ago / 60e3} min`;
}

class Chart {
	constructor(box) {
		this.box = box;
		this.svg = box.querySelector("svg");
		this.tip = box.querySelector(".tip");
		this.samples = [];
		this.chosen = null;
		box.onpointermove = event => this.choose_near(event.clientX - box.getBoundingClientRect().left);
		box.onpointerleave = box.onblur = () => this.choose(null);
		box.onkeydown = event => this.step(event);
		new ResizeObserver(() => this.show()).observe(box);
	}

	add(time, seconds, { bands, total }) {
		this.samples.push({ time, began: time - 1000 * seconds, bands, total });
		this.samples = this.samples.filter(sample => sample.time >= time - SPAN);
	}

	gap(time) {
		this.samples.push({ time, bands: null });
	}

	get known() {
		return this.samples.filter(sample => sample.bands);
	}

	x(time) {
		return LEFT + (1 - (this.end - time) / this.span) * (this.box.clientWidth - LEFT);
	}

	y(value) {
		return TOP + (1 - value / this.most) * (this.box.clientHeight - TOP - BOTTOM);
	}

	show() {
		const known = this.known;

		if (!this.samples.length || !this.box.clientWidth)
			return;
		this.end = this.samples.at(-1).time;
		this.span = Math.min(SPAN, Math.max(SPAN_FIRST, this.end - this.samples[0].time));
		const marks = ticks(Math.max(0, ...known.map(each => each.total[view.unit])));
		this.most = marks.at(-1);
		this.svg.replaceChildren();
		this.show_values(marks);
		this.show_times();
		for (const run of this.runs())
			BANDS.forEach((band, i) => this.show_band(run, band, i));
		this.show_chosen();
		this.describe(known.at(-1));
	}

	show_values(marks) {
		for (const mark of marks) {
			const y = this.y(mark);

			this.svg.append(
				draw("line", { class: "grid", x1: LEFT, x2: this.box.clientWidth, y1: y, y2: y }),
				draw("text", { x: LEFT - 8, y: y + 4, "text-anchor": "end" }, tick_text(mark)));
		}
	}

	show_times() {
		const step = this.span > 150e3 ? 60e3 : this.span > 60e3 ? 30e3 : 15e3;
		const y = this.box.clientHeight - 2;

		for (let ago = 0; ago <= this.span - step / 2; ago += step) {
			const anchor = ago ? "middle" : "end";

			this.svg.append(draw("text", { x: this.x(this.end - ago), y, "text-anchor": anchor },
					     time_text(ago)));
		}
	}

	/* What was measured without a break in between. */
	runs() {
		const runs = [[]];

		for (const sample of this.samples) {
			if (sample.bands)
				runs.at(-1).push(sample);
			else
				runs.push([]);
		}
		return runs.filter(run => run.length);
	}

	/* The upper edge of the lowest @count bands. The first rate is that of the time before it. */
	edge(run, count) {
		const first = { ...run[0], time: Math.max(run[0].began, this.end - this.span) };

		return [first, ...run].map(sample => {
			const bands = sample.bands.slice(0, count);
			const level = bands.reduce((sum, each) => sum + each[view.unit], 0);

			return `${this.x(sample.time).toFixed(1)} ${this.y(level).toFixed(1)}`;
		});
	}

	show_band(run, band, i) {
		const outline = [...this.edge(run, i + 1), ...this.edge(run, i).reverse()];

		this.svg.append(draw("path", { class: `band ${band}`, d: `M${outline.join("L")}Z` }));
	}

	describe(sample) {
		const words = sample ? BANDS.map((band, i) =>
			`${band} ${wording(sample.bands[i][view.unit], view.unit)}`) : [];

		this.box.setAttribute("aria-label", `Classes over time. Now: ${words.join(", ")}`);
	}

	choose_near(x) {
		const distance = sample => Math.abs(this.x(sample.time) - x);

		this.choose(this.known.sort((one, other) => distance(one) - distance(other))[0]);
	}

	step(event) {
		const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key], known = this.known;
		const place = this.chosen ? known.indexOf(this.chosen) : known.length;

		if (!by || !known.length)
			return;
		event.preventDefault();
		this.choose(known[Math.min(known.length - 1, Math.max(0, place + by))]);
	}

	choose(sample) {
		this.chosen = sample;
		this.show();
	}

	show_chosen() {
		const sample = this.samples.find(each => each === this.chosen);

		this.tip.hidden = !sample;
		if (!sample)
			return;
		const x = this.x(sample.time), width = this.box.clientWidth, right = x > width / 2;
		this.svg.append(draw("line", { class: "cursor", x1: x, x2: x, y1: TOP, y2: this.y(0) }));
		this.tip.replaceChildren(...this.tip_lines(sample));
		this.tip.style.left = right ? "auto" : `${x + 12}px`;
		this.tip.style.right = right ? `${width - x + 12}px` : "auto";
	}

	tip_lines(sample) {
		const line = (value, ...name) => make("div", null, make("span", null, ...name),
			make("b", null, `${amount(value[view.unit], view.unit)}/s`));
		const ago = `${Math.round((this.end - sample.time) / 1000)} s ago`;

		return [make("div", { class: "mute" }, ago),
			...BANDS.map((band, i) => line(sample.bands[i], key_of(band), band)).reverse(),
			line(sample.total, "all")];
	}
}
