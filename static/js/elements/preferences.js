// <preference-choice>, <nav-toggle>, <nav-groups>: kept in cookies, so the server draws them right at once.
import { remember } from "../cookies.js";

class PreferenceChoice extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button) this.choose(button.value);
    });
    this.mark();
  }

  choose(value) {
    document.documentElement.dataset[this.getAttribute("name")] = value;
    remember(this.getAttribute("name"), value);
    this.mark();
  }

  mark() {
    const current = document.documentElement.dataset[this.getAttribute("name")];
    for (const button of this.querySelectorAll("button")) button.setAttribute("aria-pressed", String(button.value === current));
  }
}

class NavToggle extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", () => this.toggle());
  }

  toggle() {
    if (window.matchMedia("(max-width: 760px)").matches) {
      document.body.classList.toggle("nav-shown");
      return;
    }
    const closed = document.body.classList.toggle("nav-closed");
    document.body.classList.toggle("nav-open", !closed);
    remember("nav", closed ? "closed" : "open");
  }
}

class NavGroups extends HTMLElement {
  connectedCallback() {
    this.addEventListener("toggle", () => this.keep(), true);
  }

  keep() {
    const closed = [...this.querySelectorAll("details:not([open])")].map((group) => group.dataset.group);
    remember("nav_closed", closed.join(","));
  }
}

customElements.define("nav-groups", NavGroups);
customElements.define("preference-choice", PreferenceChoice);
customElements.define("nav-toggle", NavToggle);

document.addEventListener("click", (event) => {
  if (document.body.classList.contains("nav-shown") && !event.target.closest("nav-toggle, .sidebar")) {
    document.body.classList.remove("nav-shown");
  }
});
