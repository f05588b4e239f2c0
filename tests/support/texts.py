"""Answers written for the tests."""

COMPLETE_ANSWER = """\
Last spring I was working in a small hotel at the coast, and our booking system broke down on the \
busiest weekend of the year. My task was to make sure that every guest got the room they had paid \
for, although we could no longer see the list. I decided to call the agency for a copy of the \
bookings, wrote all names on cards and sorted them by arrival. Then I asked two colleagues to \
stand at the door, so that nobody had to wait longer than ten minutes. I also told each guest \
honestly what had happened. As a result all eighty guests had their rooms by the evening, nobody \
left, and we later used the cards as our standard plan for such days.
"""
"""127 English words that tell situation, task, action and result."""

LONG_ANSWER = COMPLETE_ANSWER.replace(
    " I also told",
    " We kept the cards in one box at the desk and checked each name twice, once when the guest "
    "came in and once when we handed over the key. I also told",
)
"""156 English words: long enough for every score without a warning."""

SHORT_ANSWER = "I once led a small team. It went well and everybody was happy with the result."
"""16 English words: too few for scores."""

SPANISH_ANSWER = """\
El año pasado trabajaba en una pequeña tienda de muebles y tuvimos un problema con un proveedor \
que no entregaba a tiempo. Mi responsabilidad era hablar con los clientes y buscar una solución \
antes del fin de semana. Llamé a todos los clientes, les expliqué la situación con calma y busqué \
otro proveedor en la misma ciudad. Al final todos recibieron sus muebles y el jefe me dio las \
gracias delante de mis compañeros.
"""
"""An answer that is not English."""

GUIDANCE = {
    "situation": "Where was it?",
    "task": "What was expected of you?",
    "action": "What did you do?",
    "result": "What came of it?",
}
"""Guidance of the prompt that the fixtures make."""

HYPOTHETICAL_ANSWER = """\
I would first talk to both of them, each alone, because people say more when nobody else listens. \
Then I would bring them together and ask what each needs for the rest of the week. If they still \
could not agree, I would suggest a small trial and a date on which we look at it again. Quarrels \
like this are normal, and most of them are about a missing decision rather than about a person.
"""
"""76 English words about what somebody would do."""
