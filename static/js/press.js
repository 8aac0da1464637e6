// Sends a form as its button does, or the button given; browsers of 2021 cannot be asked to send it otherwise.
export function press(form, button) {
  (button || form.querySelector("[type=submit]:not([data-stay])")).click();
}
