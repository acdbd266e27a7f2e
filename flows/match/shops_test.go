package match

func englishShop() shop {
	return shop{
		"en",
		[]Lesson{
			{"opening_hours", []string{"when are you open", "are you open on saturday", "what time do you close", "opening times"}},
			{"returns", []string{"how do I return something", "I want my money back", "can I send it back", "refund please"}},
			{"delivery", []string{"where is my parcel", "when will my order arrive", "how long does shipping take", "delivery time"}},
			{"repairs", []string{"my bike is broken", "can you repair a flat tyre", "how much is a service", "my brakes do not work"}},
			{"payment", []string{"can I pay by card", "do you take cash", "which payment methods do you accept", "pay with paypal"}},
			{"address", []string{"where are you", "what is your address", "how do I find the shop", "is there parking"}},
			{"warranty", []string{"how long is the warranty", "is this covered by the guarantee", "warranty claim", "does the battery have a warranty"}},
		},
		[]question{
			{"what are your opening hours on sundays", "opening_hours"},
			{"until what time are you open today", "opening_hours"},
			{"do you close at noon", "opening_hours"},
			{"how can I return a helmet", "returns"},
			{"I'd like a refund", "returns"},
			{"can i get my money back for this", "returns"},
			{"my order has not arrived", "delivery"},
			{"how long will the delivery take", "delivery"},
			{"has my parcel been sent", "delivery"},
			{"could you repair my broken bike", "repairs"},
			{"how much does a repair cost", "repairs"},
			{"is paying by credit card possible", "payment"},
			{"do you accept paypal", "payment"},
			{"what's the address of your shop", "address"},
			{"is there a parking lot", "address"},
			{"does the warranty cover the battery", "warranty"},
			{"waranty for the motor", "warranty"},
		},
		[]string{
			"tell me a joke", "who won the football match yesterday", "what is the capital of france", "will it rain tomorrow",
			"my cat is hungry", "please subscribe to our newsletter", "translate this into spanish", "I love you",
			"set an alarm for seven", "how tall is the eiffel tower",
		},
	}
}

func spanishShop() shop {
	return shop{
		"es",
		[]Lesson{
			{"horario", []string{"¿a qué hora abren?", "¿están abiertos los sábados?", "horario de apertura", "¿hasta qué hora atienden?"}},
			{"devoluciones", []string{"quiero devolver un producto", "¿cómo hago una devolución?", "quiero que me devuelvan el dinero", "reembolso"}},
			{"envíos", []string{"¿dónde está mi pedido?", "¿cuánto tarda el envío?", "mi paquete no ha llegado", "¿hacen envíos a Canarias?"}},
			{"pago", []string{"¿puedo pagar con tarjeta?", "¿aceptan efectivo?", "formas de pago", "¿se puede pagar a plazos?"}},
			{"reparaciones", []string{"mi bicicleta está rota", "¿reparan pinchazos?", "¿cuánto cuesta una reparación?", "los frenos no funcionan"}},
			{"dirección", []string{"¿dónde está la tienda?", "¿cuál es su dirección?", "¿cómo llego a la tienda?", "¿tienen aparcamiento?"}},
		},
		[]question{
			{"¿abren los domingos?", "horario"},
			{"cuál es el horario de los sábados", "horario"},
			{"quisiera devolver unos zapatos", "devoluciones"},
			{"quiero un reembolso de mi compra", "devoluciones"},
			{"cuándo llega mi pedido", "envíos"},
			{"el paquete todavía no llegó", "envíos"},
			{"cuanto tardan los envios", "envíos"},
			{"aceptan tarjetas de crédito", "pago"},
			{"se puede pagar en efectivo", "pago"},
			{"pueden reparar mi bici, tiene un pinchazo", "reparaciones"},
			{"cuál es la dirección de la tienda", "dirección"},
			{"hay aparcamiento cerca", "dirección"},
			{"mi pediddo no ha llegado", "envíos"},
		},
		[]string{"cuéntame un chiste", "quién ganó el partido de ayer", "¿va a llover mañana?", "te quiero mucho", "la capital de Francia", "pon una alarma a las siete", "mi gato tiene hambre"},
	}
}

func germanShop() shop {
	return shop{
		"de",
		[]Lesson{
			{"öffnungszeiten", []string{"Wann habt ihr offen?", "Habt ihr samstags geöffnet?", "Wie lange habt ihr heute auf?", "Eure Öffnungszeiten"}},
			{"rückgabe", []string{"Ich möchte etwas zurückgeben", "Wie funktioniert die Rückgabe?", "Ich will mein Geld zurück", "Kann ich das zurückschicken?"}},
			{"lieferung", []string{"Wo ist mein Paket?", "Wann kommt meine Bestellung?", "Wie lange dauert der Versand?", "Lieferzeit"}},
			{"zahlung", []string{"Kann ich mit Karte zahlen?", "Nehmt ihr Bargeld?", "Welche Zahlungsarten gibt es?", "Ratenzahlung"}},
			{"werkstatt", []string{"Mein Fahrrad ist kaputt", "Repariert ihr platte Reifen?", "Was kostet eine Inspektion?", "Meine Bremse funktioniert nicht"}},
			{"adresse", []string{"Wo seid ihr?", "Wie ist eure Adresse?", "Wie finde ich den Laden?", "Gibt es Parkplätze?"}},
		},
		[]question{
			{"Habt ihr am Sonntag offen?", "öffnungszeiten"},
			{"Wie sind die Öffnungszeiten am Samstag", "öffnungszeiten"},
			{"Seit ihr heute noch geöffnet?", "öffnungszeiten"},
			{"Ich würde gern einen Helm zurückgeben", "rückgabe"},
			{"Bekomme ich mein Geld zurück?", "rückgabe"},
			{"Meine Bestellung ist noch nicht da, wo ist sie?", "lieferung"},
			{"Wann kommt denn das Paket endlich", "lieferung"},
			{"Wie lange ist die Lieferzeit?", "lieferung"},
			{"Kann man bei euch mit Kreditkarte zahlen?", "zahlung"},
			{"Könnt ihr meinen Reifen reparieren?", "werkstatt"},
			{"Die Bremsen an meinem Fahrrad sind kaputt", "werkstatt"},
			{"Wie lautet die Adresse vom Laden?", "adresse"},
			{"Wo ist mein Pakte?", "lieferung"},
		},
		[]string{"Erzähl mir einen Witz", "Wer hat gestern das Spiel gewonnen?", "Regnet es morgen?", "Meine Katze hat Hunger", "Hauptstadt von Frankreich", "Ich liebe dich", "Stell einen Wecker auf sieben"},
	}
}

func hindiShop() shop {
	return shop{
		"hi",
		[]Lesson{
			{"समय", []string{"दुकान कब खुलती है?", "क्या आप रविवार को खुले हैं?", "दुकान कितने बजे बंद होती है?", "खुलने का समय"}},
			{"वापसी", []string{"मुझे सामान वापस करना है", "पैसे वापस चाहिए", "वापसी कैसे करें?", "रिफंड कब मिलेगा?"}},
			{"डिलीवरी", []string{"मेरा ऑर्डर कहाँ है?", "डिलीवरी में कितने दिन लगते हैं?", "मेरा पार्सल अभी तक नहीं आया", "ऑर्डर कब पहुँचेगा?"}},
			{"भुगतान", []string{"क्या मैं कार्ड से भुगतान कर सकता हूँ?", "क्या यूपीआई चलता है?", "नकद लेते हैं क्या?", "भुगतान के तरीके"}},
			{"मरम्मत", []string{"मेरी साइकिल खराब है", "क्या आप पंक्चर ठीक करते हैं?", "मरम्मत का खर्च कितना है?", "ब्रेक काम नहीं कर रहे"}},
			{"पता", []string{"दुकान कहाँ है?", "आपका पता क्या है?", "दुकान तक कैसे पहुँचें?", "पार्किंग है क्या?"}},
		},
		[]question{
			{"रविवार को दुकान खुली रहती है क्या", "समय"},
			{"आज दुकान कितने बजे तक खुली है", "समय"},
			{"सामान वापस कैसे करूँ", "वापसी"},
			{"मेरे पैसे वापस कब मिलेंगे", "वापसी"},
			{"ऑर्डर अभी तक नहीं पहुँचा", "डिलीवरी"},
			{"मेरा पार्सल कहाँ है", "डिलीवरी"},
			{"कार्ड से भुगतान होगा?", "भुगतान"},
			{"क्या आप नकद लेते हैं", "भुगतान"},
			{"साइकिल की मरम्मत करनी है", "मरम्मत"},
			{"पंक्चर ठीक करवाना है", "मरम्मत"},
			{"आपकी दुकान का पता बताइए", "पता"},
			{"नमस्ते, मेरा पारसल कहाँ है? धन्यवाद", "डिलीवरी"},
		},
		[]string{"एक चुटकुला सुनाओ", "कल का मैच किसने जीता", "कल बारिश होगी", "भारत की राजधानी", "बिल्ली भूखी है", "सात बजे अलार्म लगाओ"},
	}
}

func arabicShop() shop {
	return shop{
		"ar",
		[]Lesson{
			{"أوقات_العمل", []string{"متى تفتحون؟", "هل المتجر مفتوح يوم الجمعة؟", "ما هي ساعات العمل؟", "متى يغلق المتجر؟"}},
			{"الإرجاع", []string{"أريد إرجاع المنتج", "كيف أسترجع نقودي؟", "هل يمكنني إعادة الطلب؟", "سياسة الاسترجاع"}},
			{"التوصيل", []string{"أين طلبي؟", "كم يستغرق التوصيل؟", "لم تصل الشحنة بعد", "متى يصل الطلب؟"}},
			{"الدفع", []string{"هل يمكن الدفع بالبطاقة؟", "هل تقبلون الدفع نقدا؟", "طرق الدفع المتاحة", "هل يوجد تقسيط؟"}},
			{"التصليح", []string{"دراجتي معطلة", "هل تصلحون الإطارات؟", "كم تكلفة الصيانة؟", "الفرامل لا تعمل"}},
			{"العنوان", []string{"أين يقع المتجر؟", "ما هو عنوانكم؟", "كيف أصل إلى المحل؟", "هل يوجد موقف سيارات؟"}},
		},
		[]question{
			{"هل أنتم مفتوحون يوم الجمعة", "أوقات_العمل"},
			{"ما ساعات العمل عندكم", "أوقات_العمل"},
			{"أريد إرجاع الحذاء", "الإرجاع"},
			{"أريد استرجاع نقودي", "الإرجاع"},
			{"طلبي لم يصل", "التوصيل"},
			{"متى تصل الشحنة", "التوصيل"},
			{"كم يوم يستغرق توصيل الطلب", "التوصيل"},
			{"هل تقبلون البطاقة للدفع", "الدفع"},
			{"ما هي طرق الدفع", "الدفع"},
			{"الدراجة معطلة، كم تكلفة الصيانة؟", "التصليح"},
			{"ما عنوان المحل", "العنوان"},
			{"السلام عليكم، أين طلبي؟ شكرا", "التوصيل"},
		},
		[]string{"احك لي نكتة", "من فاز في المباراة أمس", "هل ستمطر غدا", "عاصمة فرنسا", "قطتي جائعة", "اضبط المنبه على السابعة"},
	}
}
