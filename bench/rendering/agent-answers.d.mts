export function agentAnswers(count: number, random: () => number): string[];
