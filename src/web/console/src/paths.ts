/** The steps of a path in a body: `questions[1].options[0].label.fr` is `questions`, `1`, `options`, `0`, `label`, `fr`. */
export function stepsOf(path: string): string[] {
  return path.split(/[.[\]]+/).filter((step) => step !== '');
}
