// A module that awaits at its top level.
export const value = await new Promise((resolve) => setTimeout(resolve, 5, "slow value"));
