// The token by which the server knows that a request comes from its own page.

export function formToken(): string {
  return document.querySelector<HTMLMetaElement>("meta[name='csrf-token']")?.content ?? "";
}
