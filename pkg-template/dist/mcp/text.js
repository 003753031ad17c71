// An answer's body as far as a model can use it.

const MAX_BYTES = 100_000;
const IS_TEXT = /^text\/|[/+](json|xml|javascript|x-www-form-urlencoded|yaml)\b/;

/** `{ text }`, with `truncated` where there was more; nothing where it is no text. */
export async function readText({ headers, body }) {
  const type = headers.get("content-type");
  if (!body || (type && !IS_TEXT.test(type))) {
    await body?.cancel();
    return body ? { omitted: `The body is ${type}, no text.` } : { text: "" };
  }
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let text = "";
  for (let length = 0; ; ) {
    const { done, value } = await reader.read();
    if (done) return { text: text + decoder.decode() };
    const left = MAX_BYTES - length;
    text += decoder.decode(value.subarray(0, left), { stream: true });
    length += value.length;
    if (value.length > left) {
      await reader.cancel();
      return { text, truncated: true };
    }
  }
}
