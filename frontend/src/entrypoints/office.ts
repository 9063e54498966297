// The office pages: htmx and one controller per behaviour.
export {};
