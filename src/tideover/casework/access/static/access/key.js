// The browser asks the security key, and what the key says goes with the form.
(function () {
  'use strict'
  const form = document.querySelector('form[data-key]')
  const asked = JSON.parse(document.getElementById('js_data').textContent)
  const failed = document.getElementById('key-failed')

  form.addEventListener('submit', async function (event) {
    event.preventDefault()
    failed.hidden = true
    try {
      const said = asked.creation_options
        ? await window.webauthnJSON.create(asked.creation_options)
        : await window.webauthnJSON.get(asked.request_options)
      form.elements.credential.value = JSON.stringify(said)
      form.submit()
    } catch (error) {
      failed.hidden = false
      failed.focus()
    }
  })
})()
