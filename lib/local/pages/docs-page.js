SwaggerUIBundle({
  dom_id: "#viewer",
  url: "/openapi.json",
  docExpansion: "list",
  deepLinking: true,
  displayRequestDuration: true,
  tryItOutEnabled: true,
  // The default sends the document to a server elsewhere.
  validatorUrl: null,
});
