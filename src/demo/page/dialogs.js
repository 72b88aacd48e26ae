import { byId } from './nodes.js'

const TOAST_MS = 3_500
let toastTimer = 0

/** Shows a remark for some seconds. @param {string} text */
export function toast(text) {
  const node = byId('toast')
  node.textContent = text
  node.hidden = false
  clearTimeout(toastTimer)
  toastTimer = window.setTimeout(() => {
    node.hidden = true
  }, TOAST_MS)
}

/** Shows what has to be read before one goes on. @param {string} text */
export function alertOf(text) {
  byId('alert-text').textContent = text
  const dialog = /** @type {HTMLDialogElement} */ (byId('alert'))
  if (!dialog.open) dialog.showModal()
}

/** Shows a picture as large as the window. @param {string} url @param {string} name */
export function view(url, name) {
  const image = /** @type {HTMLImageElement} */ (byId('viewer-image'))
  image.src = url
  image.alt = name
  const dialog = /** @type {HTMLDialogElement} */ (byId('viewer'))
  dialog.showModal()
}

/** Lets a click beside a dialog's content close it, as Escape does. */
export function closeByClick() {
  for (const id of ['alert', 'viewer', 'sheet']) {
    const dialog = /** @type {HTMLDialogElement} */ (byId(id))
    dialog.addEventListener('click', ({ target }) => target === dialog && dialog.close())
  }
}
