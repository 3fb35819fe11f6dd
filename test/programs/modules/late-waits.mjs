// Awaits at its top level.
export const value = await new Promise((resolve) => setTimeout(() => resolve("waited"), 5));
