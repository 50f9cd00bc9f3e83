// <side-panel>: shows what htmx put into it; Escape or the button closes it.

class SidePanel extends HTMLElement {
  connectedCallback() {
    this.observer = new MutationObserver(() => this.show());
    this.observer.observe(this, { childList: true });
    this.addEventListener("click", (event) => event.target.closest("[data-close-panel]") && this.close());
    document.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
  }

  disconnectedCallback() {
    this.observer.disconnect();
  }

  show() {
    if (!this.firstElementChild || this.classList.contains("is-open")) return;
    this.cameFrom = document.activeElement;
    this.classList.add("is-open");
    this.querySelector("a, button")?.focus();
  }

  close() {
    if (!this.classList.contains("is-open") || document.querySelector("dialog[open]")) return;
    this.classList.remove("is-open");
    this.replaceChildren();
    this.cameFrom?.focus();
  }
}

customElements.define("side-panel", SidePanel);
