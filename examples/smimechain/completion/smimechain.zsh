#compdef smimechain
# Completes words of the command smimechain in zsh, behind compinit:
#   smimechain completion zsh >~/.zfunc/_smimechain    (a folder of $fpath)
# or, for each new shell:  source <(smimechain completion zsh)
_smimechain() {
	local -a found
	local line files
	for line in "${(@f)$("${~words[1]}" __complete "${(@Q)words[2,CURRENT-1]}" "+${(Q)PREFIX}" 2>/dev/null)}"; do
		case $line in
		:files) files=1 ;;
		?*) found+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}") ;;
		esac
	done
	if (( $#found )); then _describe smimechain found; fi
	if [[ -n $files ]]; then _files; fi
}
if [[ $funcstack[1] == _smimechain ]]; then
	_smimechain "$@"
else
	compdef _smimechain smimechain
fi
