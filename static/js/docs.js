// The operations, folded: a list of a hundred opens at once, a hundred open ones do not.
const place = document.getElementById("operations");

window.SwaggerUIBundle({
  domNode: place,
  url: place.dataset.document,
  docExpansion: "none",
  defaultModelsExpandDepth: -1,
  filter: true,
  displayRequestDuration: true,
  persistAuthorization: false,
  validatorUrl: null,
});
