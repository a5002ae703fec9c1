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

SwaggerUIBundle({
  dom_id: "#viewer",
  url: "/openapi.json",
  plugins: [scrollToResponse],
  docExpansion: "list",
  // Every operation shows its schemas itself.
  defaultModelsExpandDepth: -1,
  deepLinking: true,
  displayRequestDuration: true,
  tryItOutEnabled: true,
  // The default sends the document to a server elsewhere.
  validatorUrl: null,
});
