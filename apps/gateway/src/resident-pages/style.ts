import { createHash } from 'node:crypto';

/** Pairs are checked for contrast by a test: text 4.5 to 1, edges of fields 3 to 1. */
export const palette = {
  light: {
    ground: '#f3f5f4',
    card: '#ffffff',
    ink: '#17211f',
    soft: '#4b5a57',
    edge: '#75847f',
    line: '#dfe5e3',
    accent: '#0b5f58',
    onAccent: '#ffffff',
    tint: '#e6f2f0',
    bad: '#b3261e',
    badTint: '#fdeeec',
    note: '#7a4a00',
    noteTint: '#fff4de',
  },
  dark: {
    ground: '#0e1413',
    card: '#172120',
    ink: '#eef4f2',
    soft: '#b3c2be',
    edge: '#7f918c',
    line: '#2a3735',
    accent: '#86d8cd',
    onAccent: '#06302c',
    tint: '#1d312e',
    bad: '#ffb4ab',
    badTint: '#3a1f1c',
    note: '#ffd694',
    noteTint: '#362a13',
  },
} as const;

const variables = (colors: Readonly<Record<string, string>>): string =>
  Object.entries(colors)
    .map(([name, value]) => `--${name}:${value}`)
    .join(';');

export const style = `
:root{color-scheme:light dark;${variables(palette.light)}}
@media(prefers-color-scheme:dark){:root{${variables(palette.dark)}}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;min-height:100vh;background:var(--ground);color:var(--ink);font:1.0625rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;overflow-wrap:break-word}
.skip{position:absolute;left:-999rem}
.skip:focus{left:1rem;top:1rem;padding:.75rem 1rem;background:var(--card);z-index:1}
header,main,footer{max-width:30rem;margin:0 auto;padding:0 1rem}
header{display:flex;align-items:center;gap:.65rem;padding-top:1.25rem;padding-bottom:1rem}
.mark{flex:none;width:2rem;height:2rem;color:var(--accent)}
.brand{font-weight:650;line-height:1.25;flex:1;min-width:0}
nav{display:flex;flex-wrap:wrap;gap:.25rem;max-width:30rem;margin:0 auto;padding:0 1rem .75rem}
nav a{padding:.55rem .8rem;border-radius:2rem;text-decoration:none;font-weight:600;font-size:1rem;color:var(--ink)}
nav a[aria-current]{background:var(--tint);color:var(--accent)}
.card{background:var(--card);border:1px solid var(--line);border-radius:1rem;padding:1.35rem 1.15rem 1.5rem;margin-bottom:1rem}
h1,h2{overflow-wrap:anywhere}
.card>:last-child,.card>form:last-child>:last-child{margin-bottom:0}
.after{margin-top:1.1rem}
.eyebrow{font-size:.9375rem;color:var(--soft);font-weight:600;margin-bottom:.15rem}
h1{font-size:1.6rem;line-height:1.2;letter-spacing:-.01em;margin:0 0 .5rem;text-wrap:balance}
h1.page{margin:.25rem .15rem 1rem}
h2{font-size:1.15rem;line-height:1.3;margin:0 0 .4rem}
p{margin:.35rem 0 .9rem}
.soft{color:var(--soft)}
.small{font-size:.9375rem}
.big{font-size:1.25rem;font-weight:600;line-height:1.35;margin:.15rem 0 .25rem}
label{display:block;font-weight:600;margin:1.15rem 0 .35rem}
.card>form:first-child>label:first-of-type{margin-top:0}
[hidden]{display:none!important}
input[type=password],input[type=email],input[type=text],select{display:block;width:100%;min-height:3rem;font:inherit;padding:.65rem .8rem;border:1px solid var(--edge);border-radius:.65rem;background:transparent;color:inherit}
input[aria-invalid=true]{border:2px solid var(--bad)}
.hint{font-size:.9375rem;color:var(--soft);margin:.15rem 0 .45rem}
.problem{color:var(--bad);font-weight:600;font-size:.9375rem;margin:.4rem 0 0}
fieldset{border:0;margin:1.15rem 0 0;padding:0;min-width:0}
legend{font-weight:600;padding:0}
.tick{display:flex;gap:.75rem;align-items:flex-start;font-weight:400;margin:1.15rem 0 0;padding:.35rem 0;min-height:2.75rem}
.tick input{flex:none;width:1.5rem;height:1.5rem;margin:.05rem 0 0;accent-color:var(--accent)}
button,.button{display:block;width:100%;min-height:3rem;margin-top:1.5rem;padding:.75rem 1rem;font:inherit;font-weight:650;text-align:center;text-decoration:none;border:1px solid var(--accent);border-radius:.65rem;background:var(--accent);color:var(--onAccent);cursor:pointer}
.quiet{background:transparent;color:var(--accent);margin-top:.75rem}
.danger{background:transparent;border-color:var(--bad);color:var(--bad)}
button:hover,.button:hover{filter:brightness(1.08)}
a{color:var(--accent);text-underline-offset:.18em}
.more{display:inline-block;padding:.6rem 0;font-weight:600}
:focus-visible{outline:3px solid var(--accent);outline-offset:3px;border-radius:.35rem}
button:focus-visible,.button:focus-visible,input:focus-visible,select:focus-visible{border-radius:.65rem}
.alert,.note,.done{border-radius:.75rem;padding:.8rem .95rem;margin:0 0 1.1rem;font-weight:600}
.alert{background:var(--badTint);color:var(--bad)}
.note{background:var(--noteTint);color:var(--note)}
.done{background:var(--tint);color:var(--accent)}
.look{max-width:30rem;margin:0 auto;padding:.8rem 1rem;background:var(--noteTint);color:var(--note);font-weight:600}
.look button{margin-top:.6rem;border-color:var(--note);background:transparent;color:var(--note)}
details{border:1px solid var(--line);border-radius:.65rem;margin-top:1.35rem}
summary{padding:.75rem .85rem;font-weight:600;cursor:pointer}
.terms{max-height:16rem;overflow:auto;padding:0 .85rem .5rem;font-size:.9375rem;white-space:pre-line}
dl{margin:.25rem 0 0}
dt{font-size:.9375rem;color:var(--soft)}
dd{margin:0 0 .75rem;font-weight:600}
.list{list-style:none;margin:.75rem 0 0;padding:0}
.list li{border-top:1px solid var(--line);padding:.9rem 0}
.list li>p{margin:0;display:flex;flex-wrap:wrap;align-items:center;gap:.15rem .5rem}
.list button{margin-top:.65rem}
.badge{display:inline-block;font-size:.8125rem;font-weight:650;color:var(--accent);background:var(--tint);border-radius:1rem;padding:.1rem .6rem}
.wifi{display:flex;gap:1rem;align-items:center;margin:.5rem 0 .75rem}
.wifi .big{margin:0}
.qr{flex:none;width:4.75rem;height:4.75rem;border:2px dashed var(--edge);border-radius:.75rem;display:grid;place-items:center;color:var(--soft)}
footer{color:var(--soft);font-size:.875rem;padding-top:.5rem;padding-bottom:2.5rem}
@media(min-width:40rem){header{padding-top:2.5rem}.card{padding:1.9rem 2rem 2.1rem}h1{font-size:1.8rem}}
@media(prefers-reduced-motion:no-preference){button,.button{transition:filter .15s}}
`;
const styleHash = createHash('sha256').update(style).digest('base64');

/** Nothing is loaded, nothing runs, forms go to this installation only, and no other page may frame this one. */
export const policy = `default-src 'none'; style-src 'sha256-${styleHash}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`;
