/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Numbers as words, and elements that hold them. */
"use strict";

const UNITS = ["packets", "bytes"];
const SIDES = ["to", "from"];

/* What the reader has chosen. */
const view = { unit: "packets", query: "" };

const at = id => document.getElementById(id);

const per_unit = value => ({ packets: value("packets"), bytes: value("bytes") });
const NONE = per_unit(() => 0n);
const IDLE = per_unit(() => 0);

function short(value) {
	let number = Number(value), power = 0;

	for (; number >= 999.5 && power < 6; power++)
		number /= 1000;
	let digits = number >= 99.95 ? 0 : number >= 9.995 ? 1 : 2;
	if (!power)
		digits = Number.isInteger(number) ? 0 : Math.min(digits, 1);
	return number.toFixed(digits) + ["", "k", "M", "G", "T", "P", "E"][power];
}

/* 19.4 MB, 25.4k: bytes have a unit of their own. */
function amount(value, unit) {
	return unit === "bytes" ? short(value).replace(/\D?$/, "\u202f$&B") : short(value);
}

const exact = value => BigInt(value).toLocaleString("en");
const exactly = count => `${exact(count.packets)} packets, ${exact(count.bytes)} bytes`;

function wording(value, unit) {
	return `${value.toLocaleString("en", { maximumFractionDigits: 1 })} ${unit}/s`;
}

function percent(share) {
	if (share > 0 && share < 0.001)
		return "<0.1%";
	return share === 0 || share >= 0.9995 ? `${Math.round(100 * share)}%` : `${(100 * share).toFixed(1)}%`;
}

function duration(seconds) {
	for (const [size, unit] of [[86400, "d"], [3600, "h"], [60, "min"]])
		if (seconds >= size)
			return `${Math.floor(seconds / size)} ${unit}`;
	return `${Math.floor(Math.max(0, seconds))} s`;
}

const ports_of = one => one.first === one.last ? `${one.first}` : `${one.first}-${one.last}`;

function add_to(element, attributes, children) {
	for (const [key, value] of Object.entries(attributes || {}))
		element.setAttribute(key, value);
	element.append(...children);
	return element;
}

function make(name, attributes, ...children) {
	return add_to(document.createElement(name), attributes, children);
}

function draw(name, attributes, ...children) {
	return add_to(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
}

const key_of = band => make("i", { class: `key ${band}` });

/* What has not changed is left alone, or screen readers and selections would notice. */
function say(element, text, title) {
	if (element.textContent !== text)
		element.textContent = text;
	if (title !== undefined && element.title !== title)
		element.title = title;
}
