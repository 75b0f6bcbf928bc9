"""What people and the AI agent of a made-up company for home energy say on the phone, and how it is summed up."""

from __future__ import annotations

from dataclasses import dataclass

COMPANY = "Brightside Home Energy"


@dataclass(frozen=True, slots=True)
class Topic:
    """Something customers ask about: each of `exchanges` is question, answer, and the question summed up."""

    name: str
    exchanges: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Ending:
    """How a conversation ends: the agent's line, the customer's, and both summed up. `{day}` is a weekday."""

    name: str
    agent: str
    customer: str
    summary: str
    ended_by: str = "LEAD"


TOPICS = (
    Topic(
        "rooftop solar",
        (
            (
                "What would it cost for a house like ours, about 2,000 square feet?",
                "Most homes of that size end up between 14 and 19 thousand dollars before incentives.",
                "asked what a system for 2,000 sq ft costs",
            ),
            (
                "Our roof faces east and west. Does that still work?",
                "It does. You get a little less at noon and more in the morning and evening.",
                "asked whether an east and west roof is suitable",
            ),
            (
                "How long until it pays for itself?",
                "Typically seven to nine years, depending on your rate and how much you use during the day.",
                "wanted to know the payback time",
            ),
            (
                "Do we need a permit from the HOA?",
                "We file that for you; in most cases the approval takes about three weeks.",
                "asked who takes care of HOA approval",
            ),
        ),
    ),
    Topic(
        "a home battery",
        (
            (
                "How long would it keep the lights on if the power goes out?",
                "With lights, fridge and internet, one unit usually lasts through the night.",
                "asked how long a battery lasts in an outage",
            ),
            (
                "We already have panels from another company. Is that a problem?",
                "Not at all, we only need to know which inverter you have.",
                "already has panels from another installer",
            ),
            (
                "Where would you put it? We don't have much room in the garage.",
                "It hangs on the wall, about the size of a suitcase, and may go outside too.",
                "has little room in the garage",
            ),
        ),
    ),
    Topic(
        "a heat pump",
        (
            (
                "Does it really work when it's below freezing?",
                "Yes, the model we install is rated down to minus 13 degrees Fahrenheit.",
                "was unsure about heating in winter",
            ),
            (
                "We heat with gas now. Would the radiators have to go?",
                "Often they can stay; our engineer measures that at the visit.",
                "heats with gas and would like to keep the radiators",
            ),
            (
                "Is there a rebate for it?",
                "There is a state rebate of up to 4,000 dollars, and we hand in the form for you.",
                "asked about rebates",
            ),
        ),
    ),
    Topic(
        "an EV charger",
        (
            (
                "Can my panel even handle a charger? The house was built in 1974.",
                "Many from that time need a small upgrade. An electrician would look at it first.",
                "lives in a 1974 house and may need a panel upgrade",
            ),
            (
                "How fast would it charge?",
                "Around 30 miles of range an hour, so overnight is plenty.",
                "asked about charging speed",
            ),
            (
                "I rent. Would my landlord have to agree?",
                "Yes, and we have a one-page letter that makes that easy.",
                "rents and needs the landlord's consent",
            ),
        ),
    ),
)

ENDINGS = (
    Ending(
        "appointment",
        "How about {day} at 10 in the morning for a free visit?",
        "Perfect, {day} works. Thank you!",
        "Agreed to a home visit on {day} at 10 am.",
    ),
    Ending(
        "quote",
        "I'll send you a written quote by e-mail today.",
        "Great, I'll have a look at it tonight.",
        "Asked for a written quote by e-mail.",
    ),
    Ending(
        "call back",
        "Of course. Shall we call you again on {day}?",
        "Yes please, after six. I'm at work until then.",
        "Wants to be called again on {day} after 6 pm.",
    ),
    Ending(
        "not interested",
        "Would a free visit on {day} be of interest to you?",
        "No, thank you. It's just too expensive for us right now. Bye.",
        "Is not interested at the moment because of the price.",
    ),
    Ending(
        "thinking",
        "Take your time. May we check in with you next month?",
        "Sure. I need to talk to my wife first.",
        "Wants to discuss it at home; open to a follow-up next month.",
    ),
)

TRANSFER = Ending(
    "transfer",
    "Let me put you through to one of our specialists. One moment, please.",
    "Thanks, I'll hold.",
    "Asked to speak to a specialist and was transferred.",
    "AGENT",
)

VOICEMAIL = (
    "Hi {first}, this is Ava with {company}. You asked us about {topic}. "
    "Call us back whenever it suits you, or just reply to our text. Have a great day!"
)

ELSEWHERE: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "Conversation in Spanish. Wants a visit on a Saturday; asked for a technician who speaks Spanish.",
        (
            "Hola, le habla Ava de Brightside. Nos pidió información sobre paneles solares, ¿verdad?",
            "Sí, señorita. ¿Podrían venir un sábado? Entre semana los dos trabajamos.",
            "¡Claro que sí! ¿Le viene bien el próximo sábado a las once?",
            "Perfecto. ¿Y el técnico habla español?",
            "Sí, se lo apunto. ¡Hasta el sábado!",
        ),
    ),
    (
        "Gespräch auf Deutsch: fragt, ob die Wärmepumpe nachts hörbar ist; Rückruf nächste Woche vereinbart.",
        (
            "Guten Tag, hier ist Ava von Brightside. Es geht um Ihre Anfrage zur Wärmepumpe.",
            "Ja, schön, dass Sie anrufen. Hört man das Gerät nachts? Unser Schlafzimmer liegt gleich darüber.",
            "Im Nachtbetrieb sind es etwa 35 Dezibel – leiser als ein Kühlschrank.",  # noqa: RUF001  # German typography
            "Das würde ich gern schwarz auf weiß sehen. Rufen Sie mich nächste Woche noch einmal an?",
        ),
    ),
    (
        "日本語での通話。蓄電池の補助金について質問。資料をメールで希望。",
        (
            "もしもし、Brightsideのエイヴァです。家庭用蓄電池のお問い合わせ、ありがとうございます。",
            "はい、補助金は使えますか？",  # noqa: RUF001  # Japanese typography
            "はい、お使いいただけます。資料をメールでお送りしましょうか。",
            "お願いします。ありがとうございます😊",
        ),
    ),
    (
        "مكالمة بالعربية: يسأل عن تكلفة الألواح الشمسية ويفضل التواصل عبر البريد الإلكتروني.",
        (
            "مرحباً، معك آفا من شركة Brightside. سألتنا عن الألواح الشمسية.",
            "نعم، كم تكلف لبيت من طابقين؟",
            "عادةً بين 14 و 19 ألف دولار قبل الحوافز.",
            "حسناً، أرسلوا لي التفاصيل بالبريد الإلكتروني من فضلكم.",
        ),
    ),
    (
        "Conversation partly in French. Très intéressée 🌞, but the roof is being redone until autumn.",
        (
            "Bonjour, c'est Ava de Brightside. Vous vouliez en savoir plus sur le solaire ?",
            "Oui, tout à fait ! Mais on refait le toit jusqu'à l'automne… could you call back in October?",
            "Avec plaisir, I have noted October.",
        ),
    ),
)

MESSAGES = (
    "Thanks for your interest! When is a good time to talk?",
    "¿Me pueden llamar mañana? 🙏",
    "ok 👍",
    "Please call after 5pm",
    "STOP",
)
