// feelin behind a pipe, as a Python program would use it: a line {text, context} in, a line {value} out.
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const { evaluate } = await import(pathToFileURL(process.argv[2]).href);

for await (const line of createInterface({ input: process.stdin })) {
  const { text, context } = JSON.parse(line);
  let answer;
  try {
    answer = { value: evaluate(text, context).value };
  } catch (error) {
    answer = { error: String(error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
