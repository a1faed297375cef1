// What the designer asks of the server. Refusals with findings are answers; anything else is a sentence.

export class NoAnswer extends Error {}

async function ask(url, options, whatFailed) {
  try {
    return await fetch(url, { credentials: "same-origin", ...options });
  } catch {
    throw new NoAnswer(`没有连上服务器，${whatFailed}。您的改动仍在这一页上。`);
  }
}

async function sentence(answer, whatFailed) {
  const said = await answer.json().catch(() => ({}));
  return said.detail ?? said.title ?? said.message ?? `服务器回答 ${answer.status},${whatFailed}。`;
}

export async function readDiagram(url) {
  const answer = await ask(url, { headers: { Accept: "application/xml" } }, "图没有读到");
  if (!answer.ok) throw new NoAnswer(await sentence(answer, "图没有读到"));
  return answer.text();
}

function post(url, files, whatFailed, more = {}) {
  const headers = { "Content-Type": "application/json", Accept: "application/json" };
  return ask(url, { method: "POST", headers, body: JSON.stringify({ files, ...more }) }, whatFailed);
}

export async function lint(url, files) {
  const answer = await post(url, files, "没有检查");
  if (!answer.ok) throw new NoAnswer(await sentence(answer, "没有检查"));
  return (await answer.json()).findings;
}

// {definition, version} when deployed, {findings} when refused. `basedOn`: which version was changed, by key.
export function deploy(url, files, basedOn) {
  return askFor(url, files, "没有部署", { based_on: basedOn });
}

// {address} of the page that tells how far it is, {findings} when refused.
export function replay(url, files) {
  return askFor(url, files, "没有回放");
}

async function askFor(url, files, whatFailed, more) {
  const answer = await post(url, files, whatFailed, more);
  if (answer.ok) return answer.json();
  if (answer.status === 422) {
    const said = await answer.json();
    if (said.findings) return { findings: said.findings };
    throw new NoAnswer(said.detail ?? said.title ?? `服务器拒绝了，${whatFailed}。`);
  }
  throw new NoAnswer(await sentence(answer, whatFailed));
}
