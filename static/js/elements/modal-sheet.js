// <modal-sheet>: opens the dialog the server sent, and leaves the page when it closes.

class ModalSheet extends HTMLElement {
  connectedCallback() {
    const dialog = this.querySelector("dialog");
    dialog.addEventListener("close", () => this.remove());
    dialog.showModal();
  }
}

customElements.define("modal-sheet", ModalSheet);
