package main

import syswindows "golang.org/x/sys/windows"

// userInterfaceLanguage returns the name of the first language that the user has
// chosen for Windows, such as ja-JP; "" where Windows does not tell.
func userInterfaceLanguage() string {
	names, err := syswindows.GetUserPreferredUILanguages(syswindows.MUI_LANGUAGE_NAME)
	if err != nil || len(names) == 0 {
		return ""
	}
	return names[0]
}
