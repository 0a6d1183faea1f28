# Completes words of the command smimechain in bash, 3.2 or later:
#   smimechain completion bash >~/.local/share/bash-completion/completions/smimechain
# or, for each new shell:  source <(smimechain completion bash)
_smimechain() {
	local cur=${COMP_WORDS[COMP_CWORD]} line name
	local program=${COMP_WORDS[0]/#\~/$HOME}
	COMPREPLY=()
	while IFS= read -r line; do
		case $line in
		:files)
			cur=${cur#=}
			if [[ ${BASH_VERSINFO[0]} -ge 4 ]]; then compopt -o filenames 2>/dev/null; fi
			while IFS= read -r name; do COMPREPLY+=("$name"); done < <(compgen -f -- "$cur")
			;;
		*) COMPREPLY+=("${line%%$'\t'*}") ;;
		esac
	done < <("$program" __complete "${COMP_WORDS[@]:1:COMP_CWORD-1}" "+$cur" 2>/dev/null)
}
complete -F _smimechain smimechain smimechain.exe
