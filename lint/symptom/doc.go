// Package symptom finds what somebody complains of: the words of a user, the message
// of a program, a code such as 0x80090016, the name of a setting or of a rule, in any
// language of package locale, misspelt or in another order.
//
// What can be found are the symptoms in the files of this package and the rules of
// package lint. [Find] ranks them and says whether the first is sure to be meant; it
// knows no product and no file, so that even a sure answer is a place to look, not a
// finding. Each language is one file, such as ja.json, with
//
//	language   its code in BCP 47, as the name of the file
//	same       words that mean one thing, by the English word for it, which is the same
//	           in all files; one of five letters or more stands for all that begin so
//	apart      groups of such words of which a question means one, such as the products;
//	           in en.json alone
//	little     words that say little, with blanks between
//	lacks      the symptoms, by id, that the file does not have; they are said in English
//	symptoms   each with
//
//	  id       short, in lower case; the same in all files, which have one order
//	  title    the words of the program, or of those who see it
//	  text     what it means and where to look
//	  phrases  other words for it, as people type them and programs print them
//	  rules    that find the cause, the most likely first; in en.json alone
//
// To teach the search a new wording, add it to the phrases: nothing else has to change.
// All functions are safe for concurrent use.
package symptom
