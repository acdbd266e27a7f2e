package match

// commonWords are the words that tell little of what somebody wants, however
// few examples there are to show how common they are.
func commonWords(language string) string {
	switch language {
	case "ar":
		return `في من على الى عن مع هل ما ماذا كيف متى اين لماذا كم هذا هذه ذلك التي الذي انا انت نحن هو هي هم لي لك لكم لنا عندي عندكم لديكم يمكن يمكنني ممكن
		استطيع اريد ان او ثم لا لم لن ليس قد كان كانت يكون اي كل بعض لو اذا بعد قبل حتى عند و يا نعم شكرا مرحبا بدي ابغى شو وين ليش احد`
	case "de":
		return `aber alle als also am an auch auf aus bei bin bis bitte da damit danke dann das dass dein dem den denn der des die dies diese doch du ein eine einem einen einer
		er es etwas euch euer eure für gibt haben habe hallo hat hätte ich ihr ihre im in ist ja kann könnt können kein keine könnte man mehr mein meine meinem meinen meiner mich mir mit
		möchte muss nach nicht noch nur oder schon sehr sein sich sie sind so um und uns unser vom von vor wann war warum was welche wenn wer werden wie will wir wird wo wurde zu zum zur über bekomme mal geht hab machen`
	case "en":
		return `a about again all already also am an and any anyone are as at be because been being but by can cant could couldnt d did didnt do does doesnt doing don done dont
		either else ever every for from get gets getting give go going got had has hasnt have havent having he hello help her here hers hey hi him his how however i id if ill im in into
		is isnt it its ive just know let like ll lot m make may maybe me might mine more most much must my need needs no not now of ok okay on one only or other our ours out over own please
		possible re really s say see she should show so some something still such sure take tell than thank thanks that thats the their them then there theres these they thing things think
		this those through to too try trying up us use ve very want wanted wants was wasnt way we well went were what whats when where which while who whom whose why will with without wont
		would wouldnt yes yet you your yours`
	case "es":
		return `a al algo alguien algún alguna aquí como cómo con cual cuál cuando cuándo cuanto cuánto de del desde donde dónde el él ella ellos en entre era eres es esta está están estar este esto estoy
		fue gracias ha hace hacer hay he hola hasta la las le les lo los más me mi mis mucho muy necesito ni no nos o otra otro para pero poder por porque puede pueden puedo que qué quien quiero quisiera saber
		se ser si sí sin sobre son soy su sus tal también te tengo tener tiene tienen tu un una uno unos ustedes va voy y ya yo favor podría debo`
	case "fr":
		return `a à ai alors au aucun aussi aux avec avez avoir bonjour c ce cela ces cette comment combien d dans de des depuis dois donc du elle elles en encore es est et être eu fait faire faut il ils j
		je l la le les leur lui m ma mais me merci mes moi mon n ne nos notre nous on ont ou où par pas peut peux plus pour pouvez pourquoi puis qu quand que quel quelle qui quoi s sa sans savoir se ses si
		son sont suis sur t ta te tout tous très tu un une veux voudrais vos votre vous y estce`
	case "hi":
		return `है हैं हूँ हूं था थी थे हो का की के को से में पर ने और या तो भी ही कि यह ये वह वे इस उस मैं मुझे मेरा मेरी मेरे हम हमें आप आपका आपकी आपके क्या कैसे कब कहाँ कहां कौन कितना कितने कितनी क्यों कोई कुछ
		नहीं न मत कर करना करें करते करता रहा रही रहे सकता सकते सकती चाहिए चाहता चाहती लिए साथ तक अब जब एक होता होती होगा जी बताएं बताइए कृपया नमस्ते धन्यवाद`
	case "id":
		return `ada adalah akan aku anda apa apakah atau bagaimana bisa boleh dan dari dengan di halo harus ingin ini itu jika juga kah kalau kami kamu kapan karena ke kenapa kita mana mau mohon
		oleh pada saja sampai saya sebuah sudah tapi telah tentang tidak tolong untuk yang ya dong kok nya`
	case "it":
		return `a ai al alla anche avere c che chi ci ciao come con cosa da dal dalla de dei del della di dove e è ed era essere fare fa favore già gli grazie ha hai hanno ho i il in io l la le lei lo loro ma
		me mi mia mio molto ne nei nel nella no noi non o per perché più posso potrei può qual quale quali quando quanto quanta quello questa questo se sei si sono su sua suo sul te ti tra tu un una uno vi voglio vorrei voi vostro vostra avete devo`
	case "nl":
		return `aan al alle als ben bent bij dan dat de deze die dit doe doen door een en er graag had hallo heb hebben hebt heeft het hoe hoeveel hun ik in is ja je jij jullie kan kunnen kun maar mag me meer met mij mijn moet
		naar niet nog nu of om omdat ons onze ook op over te tot u uit uw van veel voor waar waarom wanneer was wat we welke wel wie wil willen wij worden wordt zal ze zich zij zijn zo zou`
	case "pl":
		return `a aby albo ale bo być by był była było chcę co czy dla do gdzie go i ile ja jak jaka jaki jakie jest jestem jeśli już kiedy kto która które który ma mam mi mnie moge mogę mój moja moje można
		muszę na nie o od oraz po pod proszę przez są się skąd ta tak tam te tego ten to u w wasz we was z za ze że żeby`
	case "pt":
		return `a ao aos algum alguma alguém as até com como da das de dela dele do dos e é ela ele em entre era essa esse esta está estão este estou eu fazer faz favor foi há isso isto já lhe mais mas me meu meus minha
		muito na não nas nem no nos nós o obrigado olá oi onde os ou para pela pelo pode podem poderia por porque posso preciso qual quais quando quanto quanta que quem quero queria saber se sem ser seu sua são só sobre também te tem tenho ter tudo um uma
		vai você vocês vou consigo`
	case "ru":
		return `а без бы был была были было быть в вам вас ваш ваша ваши ваше весь во вот все всё вы где да для до его ее если есть еще ещё же за и из или им их к как какая какие какой какое когда ко кто ли мне мной мои мой моя можно мы на над
		надо нам нас наш не него нее нет ни них но ну о об он она они от по под пожалуйста почему при про с сколько со спасибо так также там то только ты у уже хочу что чтобы это этот эта я могу нужно привет здравствуйте подскажите`
	case "tr":
		return `acaba ama ancak bana ben beni benim bir biz bu bunu çok da daha de değil diye en et gibi hangi hem her için ile ise istiyorum ki kim lütfen mı mi mu mü musunuz mısınız nasıl ne neden nedir nerede nereye ne zaman o olan olarak
		olur oldu olabilir sana şu siz sizin sonra var ve veya ya yok zaman kadar kaç merhaba teşekkürler`
	}
	return ""
}
