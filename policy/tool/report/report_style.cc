// SPDX-License-Identifier: MPL-2.0

/// @file
/// How the page looks. Colours are named once for light and once for dark; all texts keep a contrast of 4.5 to 1 in both.

#include <tool/report/report_html.h>

namespace clone_guard {

const char* const REPORT_STYLE = R"CSS(
:root {
  --page: #f5f5f2; --card: #ffffff; --ink: #1b1f24; --soft: #5b636d; --line: #dddcd6; --well: #f3f3ef;
  --link: #1d5aa3; --holds: #3d4c5f; --claims: #b4572a; --thread: #b9bcc0;
  --holds-bar: #bcc4ce; --claims-bar: #ebc9b5;
  --confirmed: #a3211a; --confirmed-bg: #fbe7e4; --suspected: #7a4a00; --suspected-bg: #fdf0d5;
  --blocked: #4a3f8f; --blocked-bg: #eceaf7; --moved: #1f5f5b; --moved-bg: #e0f0ee; --ended: #47525e; --ended-bg: #e9ecef;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14171a; --card: #1d2125; --ink: #e8e8e4; --soft: #a3abb4; --line: #343a40; --well: #15181b;
    --link: #8fbcf0; --holds: #9fb0c4; --claims: #e8996b; --thread: #4a5158;
    --holds-bar: #47525f; --claims-bar: #6b4733;
    --confirmed: #ffb4ab; --confirmed-bg: #4a1d1a; --suspected: #f5cf85; --suspected-bg: #42320f;
    --blocked: #c9c1ff; --blocked-bg: #2d2850; --moved: #9fdad4; --moved-bg: #163a37; --ended: #c2cad2; --ended-bg: #2c3238;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto,
  "Noto Sans", "Helvetica Neue", Arial, sans-serif; overflow-wrap: anywhere; }
.top, main, footer { max-width: 68rem; margin: 0 auto; padding: 0 1.5rem; }
.top { padding-top: 2.5rem; }
.kicker { margin: 0; color: var(--soft); font-size: .8125rem; font-weight: 600; letter-spacing: .06em; text-transform: uppercase; }
h1 { margin: .35rem 0 .4rem; font-size: clamp(1.5rem, 1.1rem + 2vw, 2.25rem); line-height: 1.2; letter-spacing: -.015em;
  font-weight: 650; text-wrap: balance; }
h1 span { display: block; color: var(--soft); font-size: .7em; font-weight: 450; letter-spacing: -.005em; }
h2 { margin: 2.5rem 0 1rem; font-size: 1.125rem; font-weight: 650; }
h3 { margin: 0; font-size: 1.25rem; line-height: 1.3; font-weight: 650; letter-spacing: -.005em; }
h4 { margin: 1.5rem 0 .5rem; color: var(--soft); font-size: .8125rem; font-weight: 600; }
.period { margin: 0; color: var(--soft); }
small { display: block; color: var(--soft); font-size: .8125rem; line-height: 1.4; }
a { color: var(--link); text-underline-offset: .15em; }
.hex, code, pre, time { font-family: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
  font-size: .8125rem; font-variant-ligatures: none; }
.tiles { display: grid; grid-template-columns: repeat(5, 1fr); gap: .75rem; margin: 1.75rem 0 0; padding: 0; list-style: none; }
.tiles li { padding: .8rem .9rem .85rem; background: var(--card); border: 1px solid var(--line); border-radius: .6rem; }
.tiles b { display: block; font-size: 1.75rem; line-height: 1.2; font-weight: 650; font-variant-numeric: tabular-nums; }
.tiles small { margin-top: .4rem; }
.tiles .none { background: none; }
.tiles .none b { color: var(--soft); font-weight: 400; }
.badge { display: inline-block; padding: .1rem .55rem .12rem; border-radius: 1rem; font-size: .8125rem; font-weight: 600;
  line-height: 1.45; white-space: nowrap; }
.badge.confirmed { color: var(--confirmed); background: var(--confirmed-bg); }
.badge.suspected { color: var(--suspected); background: var(--suspected-bg); }
.badge.blocked { color: var(--blocked); background: var(--blocked-bg); }
.badge.moved { color: var(--moved); background: var(--moved-bg); }
.badge.ended { color: var(--ended); background: var(--ended-bg); }
.top h2 { margin: 1.75rem 0 .4rem; }
.origins { margin: 0; padding: 0; list-style: none; counter-reset: n; }
.origins li { display: grid; grid-template-columns: 1.4rem 7.2rem minmax(0, auto) minmax(0, 1fr); column-gap: .7rem; align-items: baseline;
  padding: .45rem 0; border-top: 1px solid var(--line); }
.origins li::before { counter-increment: n; content: counter(n); color: var(--soft); font-variant-numeric: tabular-nums; }
.origins .badge { justify-self: start; }
.origins a { font-weight: 600; }
.origins li > span:last-child { color: var(--soft); }
.card { margin: 0 0 1.25rem; padding: 1.25rem 1.5rem 1.4rem; background: var(--card); border: 1px solid var(--line);
  border-left: 4px solid var(--line); border-radius: .6rem; scroll-margin-top: 1rem; }
.card.confirmed { border-left-color: var(--confirmed); }
.card.suspected { border-left-color: var(--suspected); }
.card.blocked { border-left-color: var(--blocked); }
.card.moved { border-left-color: var(--moved); }
.card header { display: flex; flex-wrap: wrap; align-items: center; gap: .3rem .7rem; }
.card header p { margin: 0; color: var(--soft); }
dl { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: .7rem 2rem; margin: 1rem 0 0; }
dt { color: var(--soft); font-size: .8125rem; }
dd { margin: 0; }
.remedy { margin: 0 0 .6rem; max-width: 52rem; user-select: text; -webkit-user-select: text; }
.command { position: relative; margin: .4rem 0 0; background: var(--well); border: 1px solid var(--line); border-radius: .4rem; }
pre { margin: 0; padding: .6rem .8rem; white-space: pre-wrap; }
.command button { position: absolute; top: .3rem; right: .3rem; padding: .15rem .7rem; color: var(--link); background: var(--card);
  border: 1px solid var(--line); border-radius: .3rem; font: inherit; font-size: .8125rem; cursor: pointer; }
.command.copies pre { padding-right: 5.5rem; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.timeline { margin: 0; padding: 0; list-style: none; }
.timeline li { display: grid; grid-template-columns: 11rem minmax(0, 1fr); align-items: center; min-height: 1.75rem; }
.timeline .who { padding-right: .75rem; font-size: .875rem; line-height: 1.25; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2;
  overflow: hidden; }
.track { position: relative; display: block; height: 1.75rem; border-bottom: 1px solid var(--line); overflow: hidden; }
.axis .who { color: var(--soft); font-size: .75rem; }
.axis .track { height: 1.35rem; }
.tick { position: absolute; bottom: 0; height: .35rem; border-left: 1px solid var(--soft); }
.tick b { position: absolute; bottom: .3rem; left: -.1rem; color: var(--soft); font: 400 .75rem/1 system-ui, sans-serif;
  font-variant-numeric: tabular-nums; white-space: nowrap; }
.tick.late b { left: auto; right: -.1rem; }
.bar, .thread, .mark { position: absolute; top: 50%; }
.thread { height: 0; border-top: 1px dashed var(--thread); }
.bar { height: .5rem; margin-top: -.25rem; background: var(--claims-bar); border-radius: .25rem; }
.holds .bar { background: var(--holds-bar); }
.mark, .key { width: .6rem; height: .6rem; margin: -.3rem 0 0 -.3rem; background: var(--claims); }
.holds .mark { background: var(--holds); }
.key { display: inline-block; margin: 0 .4rem 0 0; background: var(--soft); }
.mark.said, .key.said { border-radius: 50%; }
.mark.lease, .key.lease { width: .2rem; margin-left: -.1rem; }
.key.lease { margin: 0 .5rem 0 .2rem; }
.mark.both, .key.both { transform: rotate(45deg); }
.mark.stop, .key.stop { background: none; border: 2px solid var(--blocked); }
.holds .mark.stop { background: none; }
.mark.turn, .key.turn { background: none; border: 2px solid var(--moved); border-radius: 50%; }
.holds .mark.turn { background: none; }
.legend { display: flex; flex-wrap: wrap; gap: .1rem 1.1rem; margin: .5rem 0 0; color: var(--soft); font-size: .75rem; }
.legend span { white-space: nowrap; }
table { width: 100%; border-collapse: collapse; font-size: .9375rem; }
th, td { padding: .5rem 1rem .5rem 0; text-align: left; vertical-align: top; border-top: 1px solid var(--line); }
th:last-child, td:last-child { padding-right: 0; }
thead th { padding-top: 0; color: var(--soft); border-top: 0; font-size: .8125rem; font-weight: 400; }
tbody th { font-weight: 600; }
tbody th small { font-weight: 400; }
.note { color: var(--soft); }
.degraded { padding-left: 1.1rem; }
footer { padding-top: 1rem; padding-bottom: 2.5rem; color: var(--soft); font-size: .8125rem; }
footer p { margin: .25rem 0; }
@media (min-width: 45rem) { td .hex, td time { white-space: nowrap; } }
@media (max-width: 45rem) {
  .top, main, footer { padding-left: 1rem; padding-right: 1rem; }
  .top { padding-top: 1.5rem; }
  .tiles { grid-template-columns: repeat(2, 1fr); gap: .5rem; }
  .tiles li { padding: .5rem .7rem .55rem; }
  .tiles li { display: flex; align-items: center; gap: .5rem; }
  .tiles b { font-size: 1.25rem; }
  .tiles small, .tiles .none { display: none; }
  .origins li { grid-template-columns: 1rem minmax(0, 1fr); }
  .origins li > * { grid-column: 2; }
  .origins li::before { grid-row: 1; }
  .card { padding: 1rem 1rem 1.1rem; }
  dl { grid-template-columns: minmax(0, 1fr); }
  .timeline li { grid-template-columns: minmax(0, 1fr); }
  .timeline .who { padding-top: .3rem; }
  .timeline .axis .who { display: none; }
  .track { height: 1.4rem; }
  table, tbody, tr, th, td { display: block; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  tr { padding: .6rem 0; border-top: 1px solid var(--line); }
  th, td { padding: 0; border: 0; }
  tbody th { margin-bottom: .2rem; }
  tbody th small { display: inline; margin-left: .5rem; }
  td { display: grid; grid-template-columns: 7rem minmax(0, 1fr); }
  td::before { content: attr(data-name); grid-row: 1 / span 3; color: var(--soft); font-size: .8125rem; line-height: 1.9; }
  td > * { grid-column: 2; }
}
@media print {
  :root { --page: #fff; --card: #fff; --ink: #000; --soft: #444; --line: #bbb; --well: #f6f6f6; }
  body { font-size: 10.5pt; }
  .card, .tiles li, tr { break-inside: avoid; }
  h2, h4 { break-after: avoid; }
  .command button { display: none; }
  * { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
}
)CSS";

const char* const REPORT_SCRIPT = R"JS(
document.querySelectorAll(".command").forEach(function (box) {
  var code = box.querySelector("code");
  var button = document.createElement("button");
  button.type = "button";
  button.textContent = "Copy";
  button.addEventListener("click", function () {
    var range = document.createRange();
    range.selectNodeContents(code);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    var copied = false;
    try { copied = document.execCommand("copy"); } catch (error) { copied = false; }
    button.textContent = copied ? "Copied" : "Selected";
    setTimeout(function () { button.textContent = "Copy"; }, 2000);
  });
  box.classList.add("copies");
  box.appendChild(button);
});
)JS";

const char* const REPORT_SCRIPT_SHA256 = "sIQpAnP5teJrYpO0SRS1r77GEwie6VpD5AGfCQJ3vHA=";

}  // namespace clone_guard
