// The panel's looks. A site changes them with the custom properties and the part "panel".

export const STYLE = `
:host{--ink:light-dark(#211723,#f4ecdc);--soft:light-dark(#62525c,#bdb0bd);--paper:light-dark(#fffdf6,#241b2e);--line:light-dark(#d9c9ab,#4d3f5c);--accent:light-dark(#8a1f33,#f2c76a);--on-accent:light-dark(#fff,#1b1024);--bad:light-dark(#a3152a,#ff9a90);display:block;color-scheme:inherit;font:400 1rem/1.5 system-ui,sans-serif;color:var(--ink)}
section{box-sizing:border-box;max-width:27rem;margin-inline:auto;padding:1.75rem 1.5rem 1.25rem;border:1px solid var(--line);border-radius:12px;background:var(--paper)}
h2{margin:0 0 .25rem;font-size:1.2rem;line-height:1.3;overflow-wrap:anywhere}
p{margin:0}
.reason{margin-bottom:.75rem;color:var(--bad)}
.price{margin-bottom:1rem;font-size:1.1rem;color:var(--soft)}
.price strong{font-size:2.6rem;line-height:1.2;font-weight:700;color:var(--ink);font-variant-numeric:tabular-nums}
dl{display:grid;grid-template-columns:auto 1fr;gap:.3rem 1rem;margin:0 -1.5rem 1.25rem;padding:1.1rem 1.5rem 0;border-top:2px dashed var(--line)}
dt{color:var(--soft)}
dd{margin:0;text-align:right;overflow-wrap:anywhere}
code{display:inline-block;margin-left:.5em;font-size:.85em;color:var(--soft)}
fieldset{margin:0 0 1rem;padding:0;border:0}
legend{padding:0;margin-bottom:.35rem;color:var(--soft);font-size:.875rem}
label{display:flex;align-items:center;gap:.65rem;min-height:2.75rem;padding:0 .75rem;border:1px solid var(--line);border-radius:8px;cursor:pointer}
label+label{margin-top:.4rem}
label:has(:checked){border-color:var(--accent)}
input{width:1.1rem;height:1.1rem;margin:0;accent-color:var(--accent)}
button{width:100%;min-height:3rem;border:0;border-radius:8px;background:var(--accent);color:var(--on-accent);font:inherit;font-weight:600;font-size:1.1rem;cursor:pointer;transition:filter .15s}
button:hover{filter:brightness(1.08)}
button[aria-disabled=true]{filter:grayscale(.7) opacity(.6);cursor:default}
:focus-visible{outline:3px solid light-dark(#0b62b8,#8be3ff);outline-offset:2px}
label:focus-within:has(:focus-visible){outline:3px solid light-dark(#0b62b8,#8be3ff);outline-offset:2px}
.status{min-height:1.5em;margin-top:.75rem}
.status[data-tone=bad]{color:var(--bad)}
.promise{margin-top:.5rem;color:var(--soft);font-size:.875rem}
[hidden]{display:none}
img,video,iframe{display:block;max-width:100%}
iframe{width:100%;min-height:60vh;border:0}
pre{overflow:auto}
@media (prefers-reduced-motion:reduce){*{transition:none!important}}
`;
