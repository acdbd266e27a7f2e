package match

// What is known of languages without having learned it. All lists are written
// as people write; they are normalised before they are used.

// greetings are how messages begin that then ask something, a line each.
func greetings(language string) string {
	switch language {
	case "ar":
		return "السلام عليكم ورحمة الله وبركاته\nالسلام عليكم\nمرحبا\nأهلا\nأهلا وسهلا\nصباح الخير\nمساء الخير\nهلا"
	case "de":
		return "hallo\nhallo zusammen\nhi\nhey\nmoin\nservus\ngrüß gott\nguten tag\nguten morgen\nguten abend\nsehr geehrte damen und herren\nliebes team"
	case "en":
		return "hi\nhi there\nhello\nhello there\nhey\nhey there\ngood morning\ngood afternoon\ngood evening\ngood day\ngreetings\nhiya\ndear team\ndear sir or madam\nhi team\nhello team"
	case "es":
		return "hola\nhola a todos\nbuenos días\nbuenas tardes\nbuenas noches\nbuenas\nbuen día\nmuy buenas\nestimados señores"
	case "fr":
		return "bonjour\nbonsoir\nsalut\ncoucou\nbonjour à tous\nbonjour madame\nbonjour monsieur\nmadame monsieur"
	case "hi":
		return "नमस्ते\nनमस्कार\nहैलो\nहेलो\nहाय\nराम राम\nप्रणाम\nनमस्ते जी\nनमस्ते सर"
	case "id":
		return "halo\nhai\nselamat pagi\nselamat siang\nselamat sore\nselamat malam\nassalamualaikum\npermisi"
	case "it":
		return "ciao\nsalve\nbuongiorno\nbuon giorno\nbuonasera\nbuona sera\nciao a tutti\nbuon pomeriggio"
	case "nl":
		return "hallo\nhoi\nhey\ngoedemorgen\ngoedemiddag\ngoedenavond\ngoedendag\ndag\nbeste\ngeachte heer mevrouw"
	case "pl":
		return "cześć\nhej\ndzień dobry\ndobry wieczór\nwitam\nsiema"
	case "pt":
		return "olá\noi\nbom dia\nboa tarde\nboa noite\noi tudo bem\nolá tudo bem\nei"
	case "ru":
		return "привет\nздравствуйте\nдобрый день\nдоброе утро\nдобрый вечер\nвсем привет\nздравствуй"
	case "tr":
		return "merhaba\nmerhabalar\nselam\niyi günler\ngünaydın\niyi akşamlar\nselamlar"
	}
	return ""
}

// thanks are how messages end that have asked something, a line each.
func thanks(language string) string {
	switch language {
	case "ar":
		return "شكرا\nشكرا لك\nشكرا لكم\nشكرا جزيلا\nمع الشكر\nمن فضلك\nمن فضلكم\nلو سمحت\nلو سمحتم"
	case "de":
		return "danke\nvielen dank\ndanke schön\ndankeschön\nbesten dank\ndanke im voraus\nvielen dank im voraus\nbitte\nliebe grüße\nmit freundlichen grüßen\nmfg\nlg"
	case "en":
		return "thanks\nthank you\nthank you very much\nthank you so much\nmany thanks\nthanks a lot\nthanks so much\nthanks in advance\nthank you in advance\ncheers\nplease\npls\nplz\nthx\nty\nkind regards\nbest regards\nregards"
	case "es":
		return "gracias\nmuchas gracias\nmil gracias\ngracias de antemano\nmuchas gracias de antemano\npor favor\nun saludo\nsaludos"
	case "fr":
		return "merci\nmerci beaucoup\nmerci d'avance\nmerci bien\ns'il vous plaît\ns'il te plaît\nsvp\nstp\ncordialement"
	case "hi":
		return "धन्यवाद\nशुक्रिया\nबहुत धन्यवाद\nबहुत बहुत धन्यवाद\nथैंक्स\nथैंक यू\nकृपया\nप्लीज\nप्लीज़"
	case "id":
		return "terima kasih\nmakasih\nterima kasih banyak\nterima kasih sebelumnya\ntolong\nya"
	case "it":
		return "grazie\ngrazie mille\nmolte grazie\ngrazie in anticipo\nper favore\nper piacere\ncordiali saluti\nsaluti"
	case "nl":
		return "bedankt\ndank je\ndank u\ndank je wel\ndank u wel\nalvast bedankt\ngraag\nalsjeblieft\nalstublieft\naub\nmet vriendelijke groet\ngroeten"
	case "pl":
		return "dziękuję\ndzięki\nz góry dziękuję\nproszę\npozdrawiam"
	case "pt":
		return "obrigado\nobrigada\nmuito obrigado\nmuito obrigada\ndesde já obrigado\npor favor\nvaleu\natenciosamente"
	case "ru":
		return "спасибо\nбольшое спасибо\nспасибо большое\nзаранее спасибо\nпожалуйста\nс уважением"
	case "tr":
		return "teşekkürler\nteşekkür ederim\nçok teşekkürler\nşimdiden teşekkürler\nlütfen\nsağolun\nsağ olun"
	}
	return ""
}
