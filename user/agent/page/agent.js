/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Ask the agent, again and again, and do what the reader wants. */

const POLL = 2000;	/* ms between two readings */
const PATIENCE = 8000;	/* ms for an answer */
const TYPING = 250;	/* ms without a key, before the registry is asked */
const FOUND_MAX = 40;

const cards = new Map();	/* by interface and direction */
let heard = 0;			/* when the last counts came */
let told = 0;			/* the agent's clock then: ages are by that one alone */
let typing;

/* The agent's answer, or what it says is wrong. */
async function ask(path) {
	const response = await fetch(path, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
	const text = await response.text();
	const date = Date.parse(response.headers.get("date"));

	if (!response.ok)
		throw new Error(text.trim() || `status ${response.status}`);
	told = date || Date.now();
	return parse(text);
}

function show_state(name, text) {
	at("state").className = name;
	at("interfaces").classList.toggle("stale", name === "lost");
	say(at("state"), text);
}

function show_failure(error) {
	const age = duration((performance.now() - heard) / 1000);

	show_state("lost", "no answer");
	say(at("error"), `The agent gives no counts (${error.message}); trying again.` +
	    (heard ? ` The last ones are ${age} old.` : ""));
	at("error").hidden = false;
}

function show_readings(readings) {
	for (const [key, card] of cards) {
		if (readings.some(reading => reading.key === key))
			continue;
		card.root.remove();
		cards.delete(key);
	}
	for (const reading of readings) {
		if (!cards.has(reading.key))
			cards.set(reading.key, new Card());
		cards.get(reading.key).read(reading, heard);
	}
	at("error").hidden = true;
	at("empty").hidden = readings.length > 0;
	show_state("live", "live");
}

async function poll() {
	try {
		const readings = readings_of(await ask("api/v1/counters"));

		heard = performance.now();
		show_readings(readings);
	} catch (error) {
		show_failure(error);
	}
	setTimeout(poll_if_seen, POLL);
}

/* Nobody looks at a hidden page: what went by is one long interval. */
function poll_if_seen() {
	if (document.hidden)
		document.addEventListener("visibilitychange", poll_if_seen, { once: true });
	else
		poll();
}

function assignment_item(one) {
	const aliases = one.aliases?.length ? `also ${one.aliases.join(", ")}` : "";
	const words = [one.class, one.status, aliases, one.description].filter(Boolean).join(", ");
	const place = one.file ? `${one.file}:${one.line}` : "listed nowhere";

	return make("li", { title: `${one.origin}, ${place}` }, key_of(one.class),
		    make("b", null, one.service || one.status), ` ${ports_of(one)}/${one.transport} `,
		    make("span", { class: "mute" }, words));
}

async function look_up(word) {
	const say_found = text => make("span", { class: "mute" }, text);
	let content;

	try {
		const found = await ask(`api/v1/lookup?q=${encodeURIComponent(word)}`);

		content = [say_found("The registry says:"),
			   make("ul", null, ...found.slice(0, FOUND_MAX).map(assignment_item))];
	} catch (error) {
		content = [say_found(`The registry: ${error.message}`)];
	}
	if (word !== view.query)
		return;
	at("found").replaceChildren(...content);
	at("found").hidden = false;
}

function search() {
	view.query = at("search").value.trim().toLowerCase();
	at("found").hidden ||= !view.query;
	clearTimeout(typing);
	if (view.query)
		typing = setTimeout(look_up, TYPING, view.query);
	cards.forEach(card => card.services.show());
}

/* The view is in the address, so that it can be kept: #q=https&unit=bytes */
function view_save() {
	const kept = new URLSearchParams({ q: view.query, unit: view.unit });

	history.replaceState(null, "", `#${kept}`);
}

function view_load() {
	const kept = new URLSearchParams(location.hash.slice(1));

	view.unit = UNITS.find(unit => unit === kept.get("unit")) || UNITS[0];
	document.querySelector(`.choice [value=${view.unit}]`).checked = true;
	at("search").value = kept.get("q") || "";
	search();
}

at("search").oninput = () => {
	search();
	view_save();
};

document.querySelector(".choice").onchange = event => {
	view.unit = event.target.value;
	cards.forEach(card => card.show());
	view_save();
};

document.onkeydown = event => {
	if (event.key !== "/" || event.target === at("search"))
		return;
	event.preventDefault();
	at("search").focus();
};

document.title = `portclass ${location.hostname}`;
say(at("node"), location.hostname);
view_load();
poll();
