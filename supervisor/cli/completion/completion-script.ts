type Commands = Readonly<Record<string, { readonly summary: string; readonly takesBot: boolean }>>;

/** Completes commands, and bot names where a command takes one, also behind `npx`. Pure. */
export function completionScript(shell: "bash" | "zsh", commands: Commands): string {
  const names = Object.keys(commands);
  const withBot = names.filter((name) => commands[name]?.takesBot === true);
  return shell === "bash" ? bash(names, withBot) : zsh(commands, withBot);
}

function bash(names: readonly string[], withBot: readonly string[]): string {
  return `# tg-supervisor: put this into ~/.bashrc:  source <(npx tg-supervisor completion bash)
_tg_supervisor() {
  local current="\${COMP_WORDS[COMP_CWORD]}" first=1
  [ "\${COMP_WORDS[0]}" = npx ] && first=2
  # npx completes its own words until it is told to run us.
  [ "$first" = 2 ] && [ "\${COMP_WORDS[1]}" != tg-supervisor ] && return
  if [ "$COMP_CWORD" -eq "$first" ]; then
    COMPREPLY=($(compgen -W "${names.join(" ")}" -- "$current"))
    return
  fi
  case "\${COMP_WORDS[$first]}" in
    ${withBot.join("|")})
      COMPREPLY=($(compgen -W "$(npx --no-install tg-supervisor completion bots 2>/dev/null)" -- "$current")) ;;
  esac
}
complete -F _tg_supervisor tg-supervisor
complete -o default -F _tg_supervisor npx
`;
}

function zsh(commands: Commands, withBot: readonly string[]): string {
  const described = Object.entries(commands).map(
    ([name, { summary }]) => `    '${name}:${summary.replaceAll("'", "").replaceAll(":", ",")}'`,
  );
  return `#compdef tg-supervisor
# tg-supervisor: put this into ~/.zshrc, after compinit:  source <(npx tg-supervisor completion zsh)
_tg_supervisor() {
  local -a commands bots
  commands=(
${described.join("\n")}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  case "\${words[2]}" in
    ${withBot.join("|")})
      bots=(\${(f)"$(npx --no-install tg-supervisor completion bots 2>/dev/null)"})
      _describe bot bots ;;
  esac
}
compdef _tg_supervisor tg-supervisor
`;
}
