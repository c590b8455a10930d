// SPDX-License-Identifier: Apache-2.0
/** The two pages a browser finds before the dashboard is there: what this is, and becoming the first administrator. */

const page = (title: string, body: string, script = ''): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="stylesheet" href="/assets/page.css">
</head>
<body>
<main>
${body}
</main>
${script}
</body>
</html>
`

export const indexPage = page(
  'Muster',
  `<h1>Muster</h1>
<p>This controller is up. It is driven from the command line and over its API.</p>
<h2>Sign in</h2>
<p>On the controller, make a one-time link; then hand it to <code>muster login</code>:</p>
<pre>muster-controller admin link
muster login '&lt;the link&gt;' --ca-fingerprint sha256:…</pre>
<h2>Look</h2>
<ul>
<li><a href="/openapi.json">Description of the API</a> (OpenAPI 3.1)</li>
<li><a href="/healthz">Health</a> and <a href="/readyz">readiness</a></li>
</ul>`,
)

export const setupPage = page(
  'Become the administrator · Muster',
  `<h1>Become the administrator</h1>
<p>This link works once. It makes you an administrator and gives you an API token, which is shown once.</p>
<form id="setup">
<label for="name">Your name</label>
<input id="name" name="name" autocomplete="name" required maxlength="60">
<button type="submit">Make me an administrator</button>
</form>
<div id="answer" role="status" aria-live="polite"></div>`,
  '<script src="/assets/setup.js" defer></script>',
)

export const pageStyle = `:root { color-scheme: light dark; --fg: #1a1f24; --bg: #fff; --soft: #f2f4f6; --line: #c9d0d6; --accent: #0b5cad; --bad: #a4280f; }
@media (prefers-color-scheme: dark) { :root { --fg: #e6eaee; --bg: #14181c; --soft: #1f252b; --line: #3a434c; --accent: #7db7f0; --bad: #ff9c85; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--bg); color: var(--fg); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 44rem; margin: 0 auto; padding: 3rem 1.25rem; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 1rem; }
h2 { font-size: 1.1rem; margin: 2rem 0 0.5rem; }
a { color: var(--accent); }
pre { background: var(--soft); border: 1px solid var(--line); border-radius: 6px; padding: 0.75rem 1rem; overflow-x: auto; font-size: 0.9rem; }
code { background: var(--soft); border-radius: 4px; padding: 0.1em 0.3em; font-size: 0.9em; }
label { display: block; font-weight: 600; margin: 1.5rem 0 0.25rem; }
input { width: 100%; max-width: 24rem; font: inherit; padding: 0.6rem 0.75rem; border: 1px solid var(--line); border-radius: 6px; background: var(--bg); color: var(--fg); }
button { display: block; margin-top: 1rem; font: inherit; font-weight: 600; padding: 0.7rem 1.2rem; min-height: 44px; border: 0; border-radius: 6px; background: var(--accent); color: var(--bg); cursor: pointer; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
#answer { margin-top: 1.5rem; }
.bad { color: var(--bad); }
`

/** Runs in the browser; the secret stands behind the # of the address and so never reaches a log. */
export const setupScript = `'use strict'
const form = document.getElementById('setup')
const answer = document.getElementById('answer')
const say = (text, kind) => {
  const line = document.createElement('p')
  line.textContent = text
  if (kind) line.className = kind
  answer.append(line)
}
form.addEventListener('submit', async event => {
  event.preventDefault()
  answer.replaceChildren()
  const secret = location.hash.slice(1)
  if (secret === '') return say('The address lacks the part behind the #. Copy the whole link.', 'bad')
  try {
    const response = await fetch('/v1/setup', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ secret, name: form.elements.name.value.trim() }),
    })
    const body = await response.json()
    if (!response.ok) return say(body.title + (body.detail ? ': ' + body.detail : '') + (body.next ? ' — ' + body.next : ''), 'bad')
    history.replaceState(null, '', '/setup')
    form.hidden = true
    say('You are an administrator. Keep this token; it is not shown again:')
    const token = document.createElement('pre')
    token.textContent = body.token
    answer.append(token)
    say('Sign in on the command line and paste it when asked:')
    const command = document.createElement('pre')
    command.textContent = 'muster login ' + location.origin + ' --token -'
    answer.append(command)
  } catch {
    say('The controller did not answer. Is it still running?', 'bad')
  }
})
`
