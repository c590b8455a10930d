// SPDX-License-Identifier: Apache-2.0
/**
 * Sets colours, language and direction before the first paint, so that nothing flashes. A file, because the policy of
 * the page lets nothing run that stands in the page itself.
 */
;(() => {
  const root = document.documentElement
  const read = key => {
    try {
      return localStorage.getItem(key)
    } catch {
      return null
    }
  }
  const scheme = read('muster.scheme') ?? 'auto'
  const dark = scheme === 'dark' || (scheme === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches)
  root.dataset.mantineColorScheme = dark ? 'dark' : 'light'
  if ((read('muster.contrast') ?? '') === 'more' || matchMedia('(prefers-contrast: more)').matches) {
    root.dataset.contrast = 'more'
  }
  if (read('muster.time') === 'utc') root.dataset.time = 'utc'
  const asked = new URLSearchParams(location.search).get('locale')
  const locale = asked ?? read('muster.locale') ?? 'en'
  root.dataset.locale = locale
  root.lang = locale.startsWith('pseudo') ? 'en' : locale
  if (locale === 'pseudo-rtl') root.dir = 'rtl'
})()
