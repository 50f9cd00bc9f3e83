// <money-input>: thousands separators while typing; the server accepts them too.

class MoneyInput extends HTMLElement {
  connectedCallback() {
    const input = this.querySelector("input");
    input.inputMode = "numeric";
    const format = () => {
      const minus = /^[-−]/.test(input.value.trim()) ? "-" : "";
      const digits = input.value.replace(/\D/g, "").replace(/^0+(?=\d)/, "");
      input.value = digits ? minus + digits.replace(/\B(?=(\d{3})+$)/g, ",") : minus;
    };
    input.addEventListener("input", format);
    format();
  }
}

customElements.define("money-input", MoneyInput);
