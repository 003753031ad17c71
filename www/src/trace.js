/**
 * A fetch that keeps what it saw. Emits "asked" when a request leaves and "answered" when its whole answer
 * is here, both with the exchange as detail. Time is counted until the head of the answer.
 */
export class Trace extends EventTarget {
  fetch = async (input, init) => {
    const request = new Request(input, init);
    const exchange = {
      method: request.method,
      path: pathOf(request.url),
      requestHeaders: [...request.headers],
      requestBody: await request.clone().text(),
    };
    this.#emit("asked", exchange);

    const start = performance.now();
    const response = await window.fetch(request);
    exchange.milliseconds = performance.now() - start;
    exchange.status = response.status;
    exchange.statusText = response.statusText;
    exchange.responseHeaders = [...response.headers];
    exchange.responseBody = await response.clone().text();
    this.#emit("answered", exchange);
    return response;
  };

  #emit(type, exchange) {
    this.dispatchEvent(new CustomEvent(type, { detail: exchange }));
  }
}

export function headerOf(headers, name) {
  return headers.find(([candidate]) => candidate.toLowerCase() === name)?.[1];
}

/** The request as text, as far as a page may see it: the browser adds a few headers of its own. */
export function requestHead({ method, path, requestHeaders }) {
  return headText(`${method} ${path} HTTP/1.1`, requestHeaders);
}

export function responseHead({ status, statusText, responseHeaders }) {
  return headText(`HTTP/1.1 ${status} ${statusText}`.trimEnd(), responseHeaders);
}

export function bytesSent(exchange) {
  return byteLength(requestHead(exchange)) + byteLength(exchange.requestBody);
}

export function bytesReceived(exchange) {
  return byteLength(responseHead(exchange)) + byteLength(exchange.responseBody ?? "");
}

function headText(firstLine, headers) {
  return `${[firstLine, ...headers.map(([name, value]) => `${name}: ${value}`)].join("\r\n")}\r\n\r\n`;
}

function byteLength(text) {
  return new TextEncoder().encode(text).length;
}

function pathOf(url) {
  const { pathname, search } = new URL(url);
  return pathname + search;
}
