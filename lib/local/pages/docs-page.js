const darkMode = matchMedia("(prefers-color-scheme: dark)");
const setMode = () => document.documentElement.classList.toggle("dark-mode", darkMode.matches);
setMode();
darkMode.addEventListener("change", setMode);

/** Scrolls to the response when it arrives: the documented responses are many and long. */
const scrollToResponse = () => ({
  wrapComponents: {
    liveResponse:
      (LiveResponse, { React }) =>
      (props) => {
        const place = React.useRef();
        React.useEffect(() => {
          place.current.querySelector(".live-responses-table")?.scrollIntoView({ block: "nearest" });
        }, [props.response]);
        return React.createElement("div", { ref: place }, React.createElement(LiveResponse, props));
      },
  },
});

const isCorsHeader = (name) => name.startsWith("Access-Control-") || name === "Vary";

/** Every response has the headers of CORS: shown with each one, they would hide the others. */
const hideCorsHeaders = (received) => {
  if (!received.url.endsWith("/openapi.json")) return received;
  const text = JSON.stringify(received.obj ?? JSON.parse(received.text), (name, value) =>
    isCorsHeader(name) ? undefined : value,
  );
  return { ...received, text, data: text };
};

SwaggerUIBundle({
  dom_id: "#viewer",
  url: "/openapi.json",
  plugins: [scrollToResponse],
  responseInterceptor: hideCorsHeaders,
  docExpansion: "list",
  // Every operation shows its schemas itself.
  defaultModelsExpandDepth: -1,
  deepLinking: true,
  displayRequestDuration: true,
  tryItOutEnabled: true,
  // The default sends the document to a server elsewhere.
  validatorUrl: null,
});
