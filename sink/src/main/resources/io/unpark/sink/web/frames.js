/** The innermost frame of the user's own code, as far as its path tells it from Go's. */
export const userFrame = (stack) => stack.find((f) => /[./].*\//.test(f.function) || f.function.startsWith('main.')) ?? stack[0];
