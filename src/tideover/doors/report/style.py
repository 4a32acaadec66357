"""How the page looks: calm, on paper and on a phone, by day and by night."""

from __future__ import annotations

LIGHT = {
    "paper": "#faf6ef", "card": "#fffdf9", "ink": "#2b2622", "soft": "#665c53",
    "line": "#dfd4c5", "accent": "#2c5f66", "wash": "#e3edec", "note": "#f6ecd6",
    "green": "#3a7350", "green-tint": "#e2ede2", "yellow": "#8a5d0f", "yellow-tint": "#f7ebce",
    "red": "#96452f", "red-tint": "#f3ddd4", "on-zone": "#ffffff",
}  # fmt: skip
DARK = {
    "paper": "#1b1816", "card": "#25211e", "ink": "#f1eae1", "soft": "#bcb0a3",
    "line": "#403931", "accent": "#93c5c8", "wash": "#24383a", "note": "#3a3122",
    "green": "#8cc7a0", "green-tint": "#23362a", "yellow": "#e3b764", "yellow-tint": "#3d3220",
    "red": "#e5a18c", "red-tint": "#43291f", "on-zone": "#1b1816",
}  # fmt: skip


def _variables(colours: dict[str, str]) -> str:
    return ";".join(f"--{name}:{value}" for name, value in colours.items())


_PAGE = """
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-behavior:smooth}
body{margin:0;background:var(--paper);color:var(--ink);
 font:1rem/1.6 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:1rem;background:var(--card)}
header,main,footer{max-width:68rem;margin:0 auto;padding:0 1.25rem}
header{padding-top:2.5rem}
h1,h2,h3{font-family:"Iowan Old Style","Palatino Linotype",Palatino,Georgia,serif;
 line-height:1.2;font-weight:600;text-wrap:balance}
h1{font-size:clamp(1.8rem,5vw,2.6rem);margin:0 0 .4rem}
h2{font-size:1.55rem;margin:0 0 .8rem}
h3{font-size:1.15rem;margin:2rem 0 .5rem}
p{max-width:44rem;margin:.5rem 0}
.lead{color:var(--soft);font-size:1.05rem;margin:0 0 1.2rem}
nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:.4rem;padding:0;margin:0 0 1.5rem}
nav a{display:block;padding:.3rem .8rem;border:1px solid var(--line);border-radius:2rem;
 color:var(--accent);text-decoration:none;font-size:.92rem}
nav a:hover{background:var(--wash)}
a{color:var(--accent)}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
section{background:var(--card);border:1px solid var(--line);border-radius:1rem;
 padding:1.6rem;margin:0 0 1.4rem}
.five{list-style:none;counter-reset:five;padding:0;margin:0;display:grid;gap:.9rem}
.five li{counter-increment:five;display:grid;grid-template-columns:2.1rem 1fr;gap:.8rem;
 font-size:1.08rem;line-height:1.5;max-width:56rem}
.five li::before{content:counter(five);width:2rem;height:2rem;border-radius:50%;
 background:var(--wash);color:var(--accent);font-weight:600;display:grid;place-items:center}
.five strong{font-weight:650}
.note{background:var(--note);border-left:4px solid var(--yellow);border-radius:.3rem;
 padding:.6rem .9rem;max-width:48rem}
figure{margin:1.2rem 0;display:grid;gap:1rem 1.8rem}
.picture{min-width:0}.beside{min-width:0}
figcaption{color:var(--soft);font-size:.94rem;margin-bottom:.6rem}
svg{display:block;width:100%;height:auto;max-width:42rem}
svg text{font:13px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;
 fill:var(--ink)}
svg .soft{fill:var(--soft)}svg .strong{font-weight:650}
svg .grid-line{stroke:var(--line);stroke-width:1}
svg .axis{stroke:var(--soft);stroke-width:1}
svg .bar-fill{fill:var(--accent)}svg .bar-fill.now{fill:var(--yellow)}
svg .curve{fill:none;stroke:var(--ink);stroke-width:2}
svg .sure{fill:var(--ink);opacity:.13}
svg .dot{fill:var(--card);stroke:var(--ink);stroke-width:2}
svg .whisker{stroke:var(--accent);stroke-width:2}svg .said{fill:var(--accent)}
svg .band{fill:var(--accent);opacity:.25}
figure.stacked{grid-template-columns:1fr!important}.soft{color:var(--soft)}.answer{font-size:1.25rem;line-height:1.45;max-width:52rem}
svg .honest{stroke:var(--soft);stroke-dasharray:5 4}
svg .green-tint{fill:var(--green-tint)}svg .yellow-tint{fill:var(--yellow-tint)}
svg .red-tint{fill:var(--red-tint)}
svg .green{fill:var(--green)}svg .yellow{fill:var(--yellow)}svg .red{fill:var(--red)}
svg .on-zone{fill:var(--on-zone);font-weight:650}
svg .threshold{stroke:var(--ink);stroke-width:2}svg .hatch{stroke:var(--ink);stroke-width:1.2;
 opacity:.45}
.wide{overflow-x:auto;margin:.6rem 0}
table{border-collapse:collapse;font-size:.93rem;font-variant-numeric:tabular-nums}
caption span{display:block;max-width:calc(100vw - 3.4rem)}
caption{text-align:left;color:var(--soft);padding:.2rem 0 .5rem;font-size:.9rem}
th,td{padding:.36rem 1.1rem .36rem 0;text-align:left;vertical-align:top;
 border-bottom:1px solid var(--line)}
tr>:last-child{padding-right:.2rem}
thead th{color:var(--soft);font-weight:600;vertical-align:bottom}
tbody th{font-weight:500}.short{white-space:nowrap}
.n{text-align:right}td.n{white-space:nowrap}
.bar{display:inline-block;width:5rem;height:.6rem;border-radius:.3rem;background:var(--wash);
 margin-left:.6rem;vertical-align:middle;overflow:hidden}
.bar span{display:block;height:100%;background:var(--accent);border-radius:.3rem}
.kept{white-space:nowrap}
.badge{display:inline-grid;place-items:center;width:1.45rem;height:1.45rem;border-radius:.4rem;
 margin-right:.5rem;font-size:.85rem;font-weight:700;color:var(--on-zone)}
.badge.green{background:var(--green)}.badge.yellow{background:var(--yellow)}
.badge.red{background:var(--red)}.badge.clear{background:var(--soft)}
.badge.absent{background:var(--line);color:var(--ink)}
details{margin:.7rem 0}summary{cursor:pointer;color:var(--accent);font-weight:550}
.grid{display:grid;gap:1rem 2.4rem;
 grid-template-columns:repeat(auto-fit,minmax(min(100%,24rem),1fr));
 align-items:start}
.grid figure{grid-template-columns:1fr!important;margin:.4rem 0}.grid svg{max-width:23rem}
dl{display:grid;grid-template-columns:minmax(8rem,13rem) 1fr;gap:.5rem 1.4rem;margin:.8rem 0}
dt{font-weight:600}dd{margin:0;max-width:42rem}
footer{color:var(--soft);font-size:.9rem;padding-bottom:3rem}
@media(min-width:60rem){figure{grid-template-columns:minmax(0,1.25fr) minmax(0,1fr);
 align-items:start}}
@media(max-width:34rem){header,main,footer{padding-left:.7rem;padding-right:.7rem}
 section{padding:1.1rem .9rem;border-radius:.7rem}svg text{font-size:19px}
 .grid svg text{font-size:14px}
 th,td{padding-right:.55rem}table{font-size:.88rem}.short{white-space:normal;min-width:5.2rem}
 .bar{display:none}
 .five li{font-size:1rem}dl{grid-template-columns:1fr;gap:.1rem}dd{margin-bottom:.7rem}}
"""

_PRINT = """
@media print{html{font-size:78%}body{background:none}
 nav,.skip{display:none}header,main,footer{max-width:none;padding:0}
 section{border:0;padding:0 0 1rem;background:none}figure,tr,.five li{break-inside:avoid}
 figure{grid-template-columns:1.25fr 1fr;align-items:start}
 h2,h3,caption{break-after:avoid}.wide{overflow:visible}
 *{print-color-adjust:exact;-webkit-print-color-adjust:exact}
 details::details-content{content-visibility:visible;display:block;height:auto}}
"""


def stylesheet() -> str:
    """Return the page's styles; no font, picture or file is fetched from anywhere."""
    return (
        f":root{{color-scheme:light dark;{_variables(LIGHT)}}}"
        f"@media screen and (prefers-color-scheme:dark){{:root{{{_variables(DARK)}}}}}"
        f"{_PAGE}{_PRINT}"
    )
