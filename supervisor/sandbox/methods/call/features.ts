/** What a server may be too old for; everything is on until it is switched off. */
export interface FeatureSwitches {
  /** Rich messages, Bot API 10.1. */
  readonly rich: boolean;
  /** Drafts, Bot API 9.3. */
  readonly drafts: boolean;
}

const needs: Readonly<Record<string, readonly (keyof FeatureSwitches)[]>> = {
  sendRichMessage: ["rich"],
  sendRichMessageDraft: ["rich", "drafts"],
  sendMessageDraft: ["drafts"],
};

export class Features {
  private switches: FeatureSwitches = { rich: true, drafts: true };

  get current(): FeatureSwitches {
    return this.switches;
  }

  change(switches: Partial<FeatureSwitches>): void {
    this.switches = { ...this.switches, ...switches };
  }

  /** Whether an old server would know this method. */
  knows(method: string): boolean {
    return (needs[method] ?? []).every((feature) => this.switches[feature]);
  }
}
