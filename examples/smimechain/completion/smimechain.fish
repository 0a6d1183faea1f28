# Completes words of the command smimechain in fish, 3.0 or later:
#   smimechain completion fish >~/.config/fish/completions/smimechain.fish
function __smimechain_complete
	set -l words (commandline -opc)
	set -l current (commandline -ct)
	set -l program $words[1]
	set -e words[1]
	for line in (eval $program __complete (string escape -- $words "+$current") 2>/dev/null)
		if test "$line" = :files
			__fish_complete_path "$current"
		else
			echo -- $line
		end
	end
end
complete -c smimechain -f -a '(__smimechain_complete)'
