<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="it_IT" sourcelanguage="en">
<context>
    <name>infiniloop</name>
    <message>
        <source>%</source>
        <translation>%</translation>
    </message>
    <message>
        <source>&amp;All loops</source>
        <translation>&amp;Tutti i loop</translation>
    </message>
    <message>
        <source>&amp;Bring them back</source>
        <translation>&amp;Riportale</translation>
    </message>
    <message>
        <source>&amp;Check its files</source>
        <translation>&amp;Controlla i suoi file</translation>
    </message>
    <message>
        <source>&amp;Click at the count-in</source>
        <translation>&amp;Clic nel conteggio</translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation>&amp;Chiudi</translation>
    </message>
    <message>
        <source>&amp;Compare with…</source>
        <translation>&amp;Confronta con…</translation>
    </message>
    <message>
        <source>&amp;Copy the address</source>
        <translation>&amp;Copia l’indirizzo</translation>
    </message>
    <message>
        <source>&amp;Copy the loop as a file</source>
        <translation>&amp;Copia il loop come file</translation>
    </message>
    <message>
        <source>&amp;Delete</source>
        <translation>E&amp;limina</translation>
    </message>
    <message>
        <source>&amp;Delete “{title}”…</source>
        <translation>&amp;Elimina “{title}”…</translation>
    </message>
    <message>
        <source>&amp;Duration</source>
        <translation>&amp;Durata</translation>
    </message>
    <message>
        <source>&amp;Explain this panel</source>
        <translation>&amp;Spiega questo pannello</translation>
    </message>
    <message>
        <source>&amp;Export…</source>
        <translation>&amp;Esporta…</translation>
    </message>
    <message>
        <source>&amp;Folder and offline…</source>
        <translation>C&amp;artella e offline…</translation>
    </message>
    <message>
        <source>&amp;Forget all</source>
        <translation>&amp;Dimentica tutto</translation>
    </message>
    <message>
        <source>&amp;From bar</source>
        <translation>&amp;Da battuta</translation>
    </message>
    <message>
        <source>&amp;Generator</source>
        <translation>&amp;Generatore</translation>
    </message>
    <message>
        <source>&amp;Generator:</source>
        <translation>&amp;Generatore:</translation>
    </message>
    <message>
        <source>&amp;Go off the air</source>
        <translation>&amp;Togli dall’onda</translation>
    </message>
    <message>
        <source>&amp;Go on the air</source>
        <translation>&amp;Vai in onda</translation>
    </message>
    <message>
        <source>&amp;Hear it</source>
        <translation>&amp;Ascoltalo</translation>
    </message>
    <message>
        <source>&amp;Layer:</source>
        <translation>&amp;Strato:</translation>
    </message>
    <message>
        <source>&amp;Learn</source>
        <translation>&amp;Impara</translation>
    </message>
    <message>
        <source>&amp;Length</source>
        <translation>&amp;Lunghezza</translation>
    </message>
    <message>
        <source>&amp;Listen</source>
        <translation>Asco&amp;lta</translation>
    </message>
    <message>
        <source>&amp;Make all together</source>
        <translation>&amp;Crea tutti insieme</translation>
    </message>
    <message>
        <source>&amp;Make it</source>
        <translation>&amp;Fallo</translation>
    </message>
    <message>
        <source>&amp;Measure the latency</source>
        <translation>&amp;Misura la latenza</translation>
    </message>
    <message>
        <source>&amp;MIDI…</source>
        <translation>&amp;MIDI…</translation>
    </message>
    <message>
        <source>&amp;Model</source>
        <translation>&amp;Modello</translation>
    </message>
    <message>
        <source>&amp;Model:</source>
        <translation>&amp;Modello:</translation>
    </message>
    <message>
        <source>&amp;Models…</source>
        <translation>&amp;Modelli…</translation>
    </message>
    <message>
        <source>&amp;Name of the layout:</source>
        <translation>&amp;Nome della disposizione:</translation>
    </message>
    <message>
        <source>&amp;Name of the recording</source>
        <translation>&amp;Nome della registrazione</translation>
    </message>
    <message>
        <source>&amp;Name:</source>
        <translation>&amp;Nome:</translation>
    </message>
    <message>
        <source>&amp;On air…</source>
        <translation>&amp;In onda…</translation>
    </message>
    <message>
        <source>&amp;Open a sound…</source>
        <translation>&amp;Apri un suono…</translation>
    </message>
    <message>
        <source>&amp;Open sounds…</source>
        <translation>&amp;Apri suoni…</translation>
    </message>
    <message>
        <source>&amp;Open…</source>
        <translation>&amp;Apri…</translation>
    </message>
    <message>
        <source>&amp;Panels</source>
        <translation>&amp;Pannelli</translation>
    </message>
    <message>
        <source>&amp;Parts (stems)</source>
        <translation>&amp;Parti (stem)</translation>
    </message>
    <message>
        <source>&amp;Prompt that this slot keeps; nothing takes the rotation's next</source>
        <translation>&amp;Prompt che questo slot conserva; senza, il prossimo della rotazione</translation>
    </message>
    <message>
        <source>&amp;Recipe of what plays…</source>
        <translation>&amp;Ricetta di ciò che suona…</translation>
    </message>
    <message>
        <source>&amp;Recordings…</source>
        <translation>&amp;Registrazioni…</translation>
    </message>
    <message>
        <source>&amp;Refresh</source>
        <translation>&amp;Aggiorna</translation>
    </message>
    <message>
        <source>&amp;Remove</source>
        <translation>&amp;Togli</translation>
    </message>
    <message>
        <source>&amp;Rename “{title}”…</source>
        <translation>&amp;Rinomina “{title}”…</translation>
    </message>
    <message>
        <source>&amp;Rename…</source>
        <translation>&amp;Rinomina…</translation>
    </message>
    <message>
        <source>&amp;Save as a new layout…</source>
        <translation>&amp;Salva come nuova disposizione…</translation>
    </message>
    <message>
        <source>&amp;Save as…</source>
        <translation>&amp;Salva come…</translation>
    </message>
    <message>
        <source>&amp;Start the band</source>
        <translation>Avvia la &amp;band</translation>
    </message>
    <message>
        <source>&amp;Start the music</source>
        <translation>Avvia la &amp;musica</translation>
    </message>
    <message>
        <source>&amp;Stems of the layers</source>
        <translation>&amp;Stem degli strati</translation>
    </message>
    <message>
        <source>&amp;Stop the band</source>
        <translation>Ferma la &amp;band</translation>
    </message>
    <message>
        <source>&amp;Style and values…</source>
        <translation>&amp;Stile e valori…</translation>
    </message>
    <message>
        <source>&amp;Take sound in</source>
        <translation>&amp;Prendi il suono</translation>
    </message>
    <message>
        <source>&amp;to bar</source>
        <translation>&amp;a battuta</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>Annu&amp;lla la frase</translation>
    </message>
    <message>
        <source>&amp;Vary it</source>
        <translation>&amp;Varia</translation>
    </message>
    <message>
        <source>&amp;Vary the loop</source>
        <translation>&amp;Varia il loop</translation>
    </message>
    <message>
        <source>&amp;Vary what plays: another seed</source>
        <translation>&amp;Variare ciò che suona: un altro seed</translation>
    </message>
    <message>
        <source>&amp;Video…</source>
        <translation>&amp;Video…</translation>
    </message>
    <message>
        <source>&amp;Visualiser, full screen</source>
        <translation>&amp;Visualizzatore a schermo intero</translation>
    </message>
    <message>
        <source>&amp;Volume</source>
        <translation>&amp;Volume</translation>
    </message>
    <message>
        <source>&amp;Welcome page…</source>
        <translation>Pagina di &amp;benvenuto…</translation>
    </message>
    <message>
        <source>+ Layer</source>
        <translation>+ Strato</translation>
    </message>
    <message>
        <source>--public lets everybody listen, and the token is for control then: name a file for it with --token-file (it is written where there is none), or leave --public out.</source>
        <translation>--public fa ascoltare tutti, e il token serve allora per il controllo: nomina un file per esso con --token-file (viene scritto dove non c’è), o tralascia --public.</translation>
    </message>
    <message>
        <source>0 % stays as close as can be, 100 % takes nothing of the mix</source>
        <translation>0 % resta il più vicino possibile, 100 % non prende niente dal mix</translation>
    </message>
    <message>
        <source>1 bar</source>
        <translation>1 battuta</translation>
    </message>
    <message>
        <source>1 beat</source>
        <translation>1 beat</translation>
    </message>
    <message>
        <source>1 found</source>
        <translation>1 trovato</translation>
    </message>
    <message>
        <source>1 more waits</source>
        <translation>1 altro in attesa</translation>
    </message>
    <message>
        <source>1 ready</source>
        <translation>1 pronto</translation>
    </message>
    <message>
        <source>1 take</source>
        <translation>1 ripresa</translation>
    </message>
    <message>
        <source>1 xrun</source>
        <translation>1 xrun</translation>
    </message>
    <message>
        <source>16 bits</source>
        <translation>16 bit</translation>
    </message>
    <message>
        <source>1920s</source>
        <translation>anni ’20</translation>
    </message>
    <message>
        <source>1930s</source>
        <translation>anni ’30</translation>
    </message>
    <message>
        <source>1940s</source>
        <translation>anni ’40</translation>
    </message>
    <message>
        <source>1950s</source>
        <translation>anni ’50</translation>
    </message>
    <message>
        <source>1960s</source>
        <translation>anni ’60</translation>
    </message>
    <message>
        <source>1970s</source>
        <translation>anni ’70</translation>
    </message>
    <message>
        <source>1980s</source>
        <translation>anni ’80</translation>
    </message>
    <message>
        <source>1990s</source>
        <translation>anni ’90</translation>
    </message>
    <message>
        <source>2000s</source>
        <translation>anni 2000</translation>
    </message>
    <message>
        <source>2010s</source>
        <translation>anni ’10</translation>
    </message>
    <message>
        <source>22.05 kHz</source>
        <translation>22,05 kHz</translation>
    </message>
    <message>
        <source>24 bits</source>
        <translation>24 bit</translation>
    </message>
    <message>
        <source>32 bits, floats</source>
        <translation>32 bit, virgola mobile</translation>
    </message>
    <message>
        <source>32 kHz</source>
        <translation>32 kHz</translation>
    </message>
    <message>
        <source>44.1 kHz</source>
        <translation>44,1 kHz</translation>
    </message>
    <message>
        <source>48 kHz</source>
        <translation>48 kHz</translation>
    </message>
    <message>
        <source>808 bass</source>
        <translation>basso 808</translation>
    </message>
    <message>
        <source>808 kit</source>
        <translation>batteria 808</translation>
    </message>
    <message>
        <source>909 kit</source>
        <translation>batteria 909</translation>
    </message>
    <message>
        <source>96 kHz</source>
        <translation>96 kHz</translation>
    </message>
    <message>
        <source>A</source>
        <translation>La</translation>
    </message>
    <message>
        <source>A click or Enter queues it; a long press, a right click or Shift+Return lays what plays there; F2 names it</source>
        <translation>Un clic o Invio lo mette in coda; una pressione lunga, un clic destro o Maiusc+Invio vi ripone ciò che suona; F2 gli dà un nome</translation>
    </message>
    <message>
        <source>A click takes it out of the prompt; so does Delete</source>
        <translation>Un clic lo toglie dal prompt; anche Canc</translation>
    </message>
    <message>
        <source>A clip did not change over its length: another one is made</source>
        <translation>Una clip non cambiava per tutta la sua durata: se ne fa un’altra</translation>
    </message>
    <message>
        <source>A clip has {bpm:g} bpm, and {asked:g} were asked for: another one is made</source>
        <translation>Una clip ha {bpm:g} bpm e ne erano chiesti {asked:g}: se ne fa un’altra</translation>
    </message>
    <message>
        <source>A clip is in {key}, and {asked_key} was asked for: another one is made</source>
        <translation>Una clip è in {key} ed era chiesto {asked_key}: se ne fa un’altra</translation>
    </message>
    <message>
        <source>A clip was a metronome and nothing else: another one is made</source>
        <translation>Una clip era un metronomo e nient’altro: se ne fa un’altra</translation>
    </message>
    <message>
        <source>A clip was clipped flat: another one is made</source>
        <translation>Una clip era tagliata piatta dal troppo volume: se ne fa un’altra</translation>
    </message>
    <message>
        <source>A clip was nearly silent: another one is made</source>
        <translation>Una clip era quasi muta: se ne fa un’altra</translation>
    </message>
    <message>
        <source>A clip was stuck on one tone: another one is made</source>
        <translation>Una clip era ferma su una nota sola: se ne fa un’altra</translation>
    </message>
    <message>
        <source>A control of MIDI is bound to “{text}”, which says nothing: resources/midi.toml tells what can be.</source>
        <translation>Un controllo MIDI è legato a «{text}», che non dice nulla: resources/midi.toml dice che cosa può esserlo.</translation>
    </message>
    <message>
        <source>a folder has its name</source>
        <translation>una cartella ha il suo nome</translation>
    </message>
    <message>
        <source>A folder of drum one-shots: kick.wav, or for one kit rock/snare-1.wav and, struck harder, rock/snare-2.wav; empty looks for Debian’s sonic-pi-samples</source>
        <translation>Una cartella di singoli colpi di batteria: kick.wav, o per un solo kit rock/snare-1.wav e, suonato più forte, rock/snare-2.wav; vuoto cerca sonic-pi-samples di Debian</translation>
    </message>
    <message>
        <source>A folder of style files (.toml) that come over the built-in styles</source>
        <translation>Una cartella di file di stile (.toml) che valgono più degli stili di serie</translation>
    </message>
    <message>
        <source>A folder stands where “{path}” is to be: move it away, and the slot is filled again</source>
        <translation>C’è una cartella dove deve stare “{path}”: spostala, e lo slot sarà di nuovo riempito</translation>
    </message>
    <message>
        <source>A folder with a checkpoint of this family in the format of diffusers; it is then used in the place of the model</source>
        <translation>Una cartella con un checkpoint di questa famiglia nel formato di diffusers; viene usato al posto del modello</translation>
    </message>
    <message>
        <source>A folder with a model_config.json and its model.safetensors, and with the text encoder in a folder “t5-base” if it is not fetched; it is then used in the place of the model</source>
        <translation>Una cartella con un model_config.json e il suo model.safetensors, e con il codificatore di testo in una cartella “t5-base” se non è stato scaricato; viene usata al posto del modello</translation>
    </message>
    <message>
        <source>A folder with a WAV file for each part, which together are the loop</source>
        <translation>Una cartella con un file WAV per ogni parte: insieme sono il loop</translation>
    </message>
    <message>
        <source>A listener asked for “{prompt}”.</source>
        <translation>Qualcuno ha chiesto “{prompt}”.</translation>
    </message>
    <message>
        <source>A listener asks for “{prompt}”</source>
        <translation>Qualcuno in ascolto chiede “{prompt}”</translation>
    </message>
    <message>
        <source>A listener wants less like “{mood}”</source>
        <translation>Qualcuno in ascolto vuole meno “{mood}”</translation>
    </message>
    <message>
        <source>A listener wants more like “{mood}”</source>
        <translation>Qualcuno in ascolto vuole più “{mood}”</translation>
    </message>
    <message>
        <source>a loop takes {making}</source>
        <translation>un loop richiede {making}</translation>
    </message>
    <message>
        <source>A loop that is queued says in how many bars it comes, and can be called off. The arrows bring back the loop before, or the one after.</source>
        <translation>Un loop in coda dice fra quante battute arriva e si può disdire. Le frecce riportano il loop di prima, o quello dopo.</translation>
    </message>
    <message>
        <source>A MIDI file of the same name, with a track for each part and the drums</source>
        <translation>Un file MIDI dello stesso nome, con una traccia per ogni parte e la batteria</translation>
    </message>
    <message>
        <source>A name has at least one letter, no slash, and no dot at its beginning.</source>
        <translation>Un nome ha almeno una lettera, nessuna barra e nessun punto all'inizio.</translation>
    </message>
    <message>
        <source>A phrase is recorded into “{layer}” already: end it, or cancel it, first.</source>
        <translation>Si registra già una frase in “{layer}”: prima concludila, o annullala.</translation>
    </message>
    <message>
        <source>A pop band</source>
        <translation>Una band pop</translation>
    </message>
    <message>
        <source>a quarter of the free disk</source>
        <translation>un quarto del disco libero</translation>
    </message>
    <message>
        <source>A region that is marked in the file.</source>
        <translation>Una regione segnata nel file.</translation>
    </message>
    <message>
        <source>A slot's file that another program opens counts as taken</source>
        <translation>Il file di uno slot che un altro programma apre conta come preso</translation>
    </message>
    <message>
        <source>A station’s file</source>
        <translation>File di una stazione</translation>
    </message>
    <message>
        <source>A station’s file…</source>
        <translation>Il file di una stazione…</translation>
    </message>
    <message>
        <source>A text file with the token that the other machines were started with; empty where they ask for none</source>
        <translation>Un file di testo con il token con cui le altre macchine sono state avviate; vuoto se non lo chiedono</translation>
    </message>
    <message>
        <source>A video needs the program “ffmpeg”, which is not here: install it (on Debian: “apt install ffmpeg”).</source>
        <translation>Per un video serve il programma “ffmpeg”, che qui non c'è: installalo (su Debian: “apt install ffmpeg”).</translation>
    </message>
    <message>
        <source>Ableton Link</source>
        <translation>Ableton Link</translation>
    </message>
    <message>
        <source>Ableton Link needs the package LinkPython-extern: “infiniloop models setup link” installs it.</source>
        <translation>Ableton Link ha bisogno del pacchetto LinkPython-extern: «infiniloop models setup link» lo installa.</translation>
    </message>
    <message>
        <source>About how long each clip is before a loop is found in it: the composer makes whole bars, so 15 s of house at 122 bpm last 15.7 s</source>
        <translation>Quanto dura circa ogni clip prima che vi si trovi un loop: il compositore fa battute intere, così 15 s di house a 122 bpm durano 15,7 s</translation>
    </message>
    <message>
        <source>About how long each fragment is before its silent ends are cut off, as far as its generator makes such</source>
        <translation>Quanto dura all’incirca ogni frammento prima che se ne taglino gli estremi muti, per quanto il suo generatore lo consente</translation>
    </message>
    <message>
        <source>about {making} for</source>
        <translation>circa {making} per</translation>
    </message>
    <message>
        <source>About {making} for a clip of {clip}, by those that this machine has made.</source>
        <translation>Circa {making} per una clip di {clip}, secondo quelle che questa macchina ha fatto.</translation>
    </message>
    <message>
        <source>about {megabytes:.1f} MB</source>
        <translation>circa {megabytes:.1f} MB</translation>
    </message>
    <message>
        <source>about {said} bpm</source>
        <translation>circa {said} bpm</translation>
    </message>
    <message>
        <source>Above: the loop that plays; below: the one that comes in. Bright is what you will hear, pale is each at its own level; lines are the gains, dashed ones those of the bass. At the foot: how the tempo of what comes in glides to its own. 0 s is the entry.
Drag the entry or the end of the crossfade: it counts for this transition only. Drag elsewhere to move, turn the wheel to zoom, double click or press 0 or A to see all.
Keyboard: I and O (or [ and ]) choose entry or end, the arrows move it, with Shift by four; Backspace has it as planned; Home goes to the entry.</source>
        <translation>Sopra: il loop che suona; sotto: quello che entra. In chiaro ciò che sentirai, in tenue ciascuno al proprio livello; le linee sono i guadagni, quelle tratteggiate dei bassi. In fondo: come il tempo di ciò che entra scivola verso il proprio. 0 s è l’entrata.
Trascina l’entrata o la fine della dissolvenza: vale solo per questa transizione. Trascina altrove per spostare, gira la rotella per ingrandire, fai doppio clic o premi 0 o A per vedere tutto.
Tastiera: I e O (o [ e ]) scelgono l’entrata o la fine, le frecce la spostano, con Maiusc di quattro; Backspace la riporta come previsto; Home va all’entrata.</translation>
    </message>
    <message>
        <source>Above: what goes out at the loop's end and what comes in at its start, over each other, and their difference. Below: the loop as it is heard, with the gains. 0 ms is the joint; where the clip has no more music, nothing is drawn.
Turn the wheel to zoom, drag to move, double click or press 0 or A to see all; Up and Down zoom, Home goes to the joint.
Keyboard: I and O (or [ and ]) choose an edge; the arrows move it by a sample, with Shift by ten, or from one place to snap to to the next; S sends it to the nearest.</source>
        <translation>Sopra: ciò che esce alla fine del loop e ciò che entra al suo inizio, uno sull’altro, e la loro differenza. Sotto: il loop come si sente, con i guadagni. 0 ms è il punto di unione; dove la clip non ha più musica non c’è nessun disegno.
Gira la rotella per ingrandire, trascina per spostare, doppio clic o 0 o A per vedere tutto; Su e Giù ingrandiscono e riducono, Home va al punto di unione.
Tastiera: I e O (o [ e ]) scelgono un bordo; le frecce lo spostano di un campione, con Maiusc di dieci, o da un punto d’aggancio al successivo; S lo manda al più vicino.</translation>
    </message>
    <message>
        <source>Accent</source>
        <translation>Accento</translation>
    </message>
    <message>
        <source>Accompany</source>
        <translation>Accompagna</translation>
    </message>
    <message>
        <source>accordion</source>
        <translation>fisarmonica</translation>
    </message>
    <message>
        <source>ACE-Step 1.5</source>
        <translation>ACE-Step 1.5</translation>
    </message>
    <message>
        <source>acid bass</source>
        <translation>basso acid</translation>
    </message>
    <message>
        <source>acoustic drums</source>
        <translation>batteria acustica</translation>
    </message>
    <message>
        <source>Add these words to the prompt that a model reads</source>
        <translation>Aggiunge queste parole al prompt che il modello legge</translation>
    </message>
    <message>
        <source>Add to the loop from the next bar on; again ends that</source>
        <translation>Aggiunge al loop dalla prossima battuta; di nuovo lo conclude</translation>
    </message>
    <message>
        <source>Add words that help a model make loops</source>
        <translation>Aggiungi parole che aiutano un modello a fare loop</translation>
    </message>
    <message>
        <source>Address of the radio</source>
        <translation>Indirizzo della radio</translation>
    </message>
    <message>
        <source>Addresses</source>
        <translation>Indirizzi</translation>
    </message>
    <message>
        <source>After</source>
        <translation>Dopo</translation>
    </message>
    <message>
        <source>again</source>
        <translation>farne un’altra</translation>
    </message>
    <message>
        <source>aggressive</source>
        <translation>aggressivo</translation>
    </message>
    <message>
        <source>air pad</source>
        <translation>pad arioso</translation>
    </message>
    <message>
        <source>airy</source>
        <translation>arioso</translation>
    </message>
    <message>
        <source>Algorithm</source>
        <translation>Algoritmo</translation>
    </message>
    <message>
        <source>Algorithm: {name}</source>
        <translation>Algoritmo: {name}</translation>
    </message>
    <message>
        <source>All equal</source>
        <translation>Tutti uguali</translation>
    </message>
    <message>
        <source>All files</source>
        <translation>Tutti i file</translation>
    </message>
    <message>
        <source>All layers together</source>
        <translation>Tutti gli strati insieme</translation>
    </message>
    <message>
        <source>All lengths</source>
        <translation>Tutte le durate</translation>
    </message>
    <message>
        <source>All panels</source>
        <translation>Tutti i pannelli</translation>
    </message>
    <message>
        <source>All that is heard is recorded already: end that first (Ctrl+R)</source>
        <translation>Si registra già tutto quello che si sente: prima termina quella registrazione (Ctrl+R)</translation>
    </message>
    <message>
        <source>All {n_slots} slots are frozen: release one, and the next fragment has a place.</source>
        <translation>Tutti gli slot ({n_slots}) sono congelati: liberane uno, e il prossimo frammento avrà un posto.</translation>
    </message>
    <message>
        <source>Also save:</source>
        <translation>Salva anche:</translation>
    </message>
    <message>
        <source>Also send it to the ports whose names hold this text</source>
        <translation>Mandalo anche alle porte il cui nome contiene questo testo</translation>
    </message>
    <message>
        <source>Always</source>
        <translation>Sempre</translation>
    </message>
    <message>
        <source>always</source>
        <translation>sempre</translation>
    </message>
    <message>
        <source>Always on top</source>
        <translation>Sempre in primo piano</translation>
    </message>
    <message>
        <source>Among how many of the likeliest sounds the model chooses at each step; 1 always takes the likeliest</source>
        <translation>Tra quanti dei suoni più probabili il modello sceglie a ogni passo; 1 prende sempre il più probabile</translation>
    </message>
    <message>
        <source>analysis</source>
        <translation>di analisi</translation>
    </message>
    <message>
        <source>and {n} more</source>
        <translation>altri avvisi: {n}</translation>
    </message>
    <message>
        <source>angry</source>
        <translation>arrabbiato</translation>
    </message>
    <message>
        <source>Another machine</source>
        <translation>Un’altra macchina</translation>
    </message>
    <message>
        <source>Another mix is being made again</source>
        <translation>Si sta già rifacendo un altro mix</translation>
    </message>
    <message>
        <source>Another program has locked the library “{path}”: the music goes on; close that program, and try again.</source>
        <translation>Un altro programma tiene bloccata la libreria “{path}”: la musica continua; chiudi quel programma e riprova.</translation>
    </message>
    <message>
        <source>Another prompt</source>
        <translation>Un altro prompt</translation>
    </message>
    <message>
        <source>another seed each time (now {seed})</source>
        <translation>ogni volta un altro seed (ora {seed})</translation>
    </message>
    <message>
        <source>Another station writes fragments into “{folder}” already: end it, or name another folder.</source>
        <translation>Un’altra stazione scrive già frammenti in “{folder}”: chiudila, o indica un’altra cartella.</translation>
    </message>
    <message>
        <source>Another studio is open, which has the jam that was left: this one's jam is kept in “{path}”.</source>
        <translation>È aperto un altro studio, che ha la jam lasciata: quella di questo è conservata in “{path}”.</translation>
    </message>
    <message>
        <source>another version of the studio wrote how it was made</source>
        <translation>come è stato fatto lo ha scritto un’altra versione dello studio</translation>
    </message>
    <message>
        <source>Answer within</source>
        <translation>Risposta entro</translation>
    </message>
    <message>
        <source>any</source>
        <translation>qualsiasi</translation>
    </message>
    <message>
        <source>any key</source>
        <translation>ogni tonalità</translation>
    </message>
    <message>
        <source>Apache-2.0: free to use, also commercially</source>
        <translation>Apache-2.0: uso libero, anche commerciale</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>Aspetto</translation>
    </message>
    <message>
        <source>Apple graphics</source>
        <translation>Grafica Apple</translation>
    </message>
    <message>
        <source>Apple graphics (MPS)</source>
        <translation>Grafica Apple (MPS)</translation>
    </message>
    <message>
        <source>arp</source>
        <translation>arpeggio</translation>
    </message>
    <message>
        <source>Arrow keys go from one to the next, Delete takes one out of the prompt</source>
        <translation>Le frecce passano dall’uno all’altro, Canc ne toglie uno dal prompt</translation>
    </message>
    <message>
        <source>Arrows scroll, Tab and Enter follow links; F1 goes back to the panel, Esc closes the help</source>
        <translation>Le frecce scorrono, Tab e Invio seguono i collegamenti; F1 torna al pannello, Esc chiude l’aiuto</translation>
    </message>
    <message>
        <source>artist</source>
        <translation>artista</translation>
    </message>
    <message>
        <source>As &amp;Opus</source>
        <translation>Come &amp;Opus</translation>
    </message>
    <message>
        <source>As for the music</source>
        <translation>Come per la musica</translation>
    </message>
    <message>
        <source>As in &amp;Generate</source>
        <translation>Come in &amp;Genera</translation>
    </message>
    <message>
        <source>as long as it plays</source>
        <translation>quanto suona</translation>
    </message>
    <message>
        <source>As Opus</source>
        <translation>Come Opus</translation>
    </message>
    <message>
        <source>As planned</source>
        <translation>Come previsto</translation>
    </message>
    <message>
        <source>As the recording</source>
        <translation>Come la registrazione</translation>
    </message>
    <message>
        <source>asking the hub</source>
        <translation>chiedo all’hub</translation>
    </message>
    <message>
        <source>asking the release</source>
        <translation>chiedo la versione</translation>
    </message>
    <message>
        <source>at bar {n}</source>
        <translation>a battuta {n}</translation>
    </message>
    <message>
        <source>At intervals</source>
        <translation>A intervalli</translation>
    </message>
    <message>
        <source>At loop's end</source>
        <translation>A fine loop</translation>
    </message>
    <message>
        <source>At next bar</source>
        <translation>Alla battuta</translation>
    </message>
    <message>
        <source>At once</source>
        <translation>Subito</translation>
    </message>
    <message>
        <source>at once</source>
        <translation>subito</translation>
    </message>
    <message>
        <source>at the loop's end</source>
        <translation>alla fine del loop</translation>
    </message>
    <message>
        <source>at the loop's end, bar {n}</source>
        <translation>alla fine del loop, battuta {n}</translation>
    </message>
    <message>
        <source>at the seam {n} ms</source>
        <translation>alla giuntura {n} ms</translation>
    </message>
    <message>
        <source>at turn {n}</source>
        <translation>al giro {n}</translation>
    </message>
    <message>
        <source>at {bpm} bpm</source>
        <translation>a {bpm} bpm</translation>
    </message>
    <message>
        <source>At {latency_ms} ms of latency sound was lost again and again: it is longer until all is calm</source>
        <translation>A {latency_ms} ms di latenza il suono si perdeva di continuo: è più lunga finché non torna la calma</translation>
    </message>
    <message>
        <source>auto</source>
        <translation>auto</translation>
    </message>
    <message>
        <source>Automate</source>
        <translation>Automatizza</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Automatico</translation>
    </message>
    <message>
        <source>AVVIA starts it: Ctrl+Enter</source>
        <translation>AVVIA la fa partire: Ctrl+Invio</translation>
    </message>
    <message>
        <source>AVVIA starts the music</source>
        <translation>AVVIA fa partire la musica</translation>
    </message>
    <message>
        <source>Axis</source>
        <translation>Asse</translation>
    </message>
    <message>
        <source>B</source>
        <translation>Si</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Indietro</translation>
    </message>
    <message>
        <source>Back to the step before (Left)</source>
        <translation>Torna al passo di prima (Sinistra)</translation>
    </message>
    <message>
        <source>bagpipe</source>
        <translation>cornamusa</translation>
    </message>
    <message>
        <source>BAND</source>
        <translation>BAND</translation>
    </message>
    <message>
        <source>Bar and beat that sound now</source>
        <translation>Battuta e beat che suonano ora</translation>
    </message>
    <message>
        <source>Bar and beat: {place}</source>
        <translation>Battuta e beat: {place}</translation>
    </message>
    <message>
        <source>bar {bar}.{beat}</source>
        <translation>battuta {bar}.{beat}</translation>
    </message>
    <message>
        <source>baroque</source>
        <translation>barocco</translation>
    </message>
    <message>
        <source>Bars</source>
        <translation>Batt.</translation>
    </message>
    <message>
        <source>bars</source>
        <translation>battute</translation>
    </message>
    <message>
        <source>bars asked for</source>
        <translation>battute richieste</translation>
    </message>
    <message>
        <source>Bars of a loop</source>
        <translation>Battute di un loop</translation>
    </message>
    <message>
        <source>bars of the loop</source>
        <translation>battute del loop</translation>
    </message>
    <message>
        <source>Bars: the level in each third of an octave; the thin mark is its peak, the thick one its long-term average. The line is the spectrum.
Point at a band, or press Left and Right, to read it.</source>
        <translation>Barre: il livello in ogni terzo d’ottava; il segno sottile è il picco, quello spesso la media a lungo termine. La linea è lo spettro.
Punta una banda, o premi Sinistra e Destra, per leggerla.</translation>
    </message>
    <message>
        <source>Bass</source>
        <translation>Bassi</translation>
    </message>
    <message>
        <source>bass</source>
        <translation>basso</translation>
    </message>
    <message>
        <source>bass swap</source>
        <translation>scambio dei bassi</translation>
    </message>
    <message>
        <source>bass swapped at bar {n}</source>
        <translation>bassi scambiati a battuta {n}</translation>
    </message>
    <message>
        <source>bass swapped {seconds} s later</source>
        <translation>bassi scambiati {seconds} s dopo</translation>
    </message>
    <message>
        <source>Bass, chords, lead and noise</source>
        <translation>Basso, accordi, melodia e rumore</translation>
    </message>
    <message>
        <source>Beat</source>
        <translation>Ritmo</translation>
    </message>
    <message>
        <source>beat</source>
        <translation>ritmo</translation>
    </message>
    <message>
        <source>Beat repeat</source>
        <translation>Beat repeat</translation>
    </message>
    <message>
        <source>Beats</source>
        <translation>Beat</translation>
    </message>
    <message>
        <source>Beats a minute, 60 to 200; while the jam runs its loops follow at a bar</source>
        <translation>Beat al minuto, da 60 a 200; mentre la jam suona i loop la seguono a una battuta</translation>
    </message>
    <message>
        <source>Beats from one echo to the next</source>
        <translation>I beat da un’eco alla successiva</translation>
    </message>
    <message>
        <source>beats in a bar</source>
        <translation>beat per battuta</translation>
    </message>
    <message>
        <source>beats matched</source>
        <translation>beat allineati</translation>
    </message>
    <message>
        <source>Beats of a bar; with another metre every loop is made again</source>
        <translation>Beat per battuta; con un altro metro ogni loop si crea di nuovo</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>Prima</translation>
    </message>
    <message>
        <source>Before the first one the model is loaded, which takes about {load}.</source>
        <translation>Prima della prima si carica il modello, in circa {load}.</translation>
    </message>
    <message>
        <source>being shaped</source>
        <translation>in preparazione</translation>
    </message>
    <message>
        <source>being worked out</source>
        <translation>in preparazione</translation>
    </message>
    <message>
        <source>bells</source>
        <translation>campane</translation>
    </message>
    <message>
        <source>below {db:.0f} dB</source>
        <translation>sotto {db:.0f} dB</translation>
    </message>
    <message>
        <source>Best</source>
        <translation>I migliori</translation>
    </message>
    <message>
        <source>best</source>
        <translation>i migliori</translation>
    </message>
    <message>
        <source>Bind the row to the control that you move next</source>
        <translation>Lega la riga al prossimo controllo che muovi</translation>
    </message>
    <message>
        <source>Bits</source>
        <translation>Bit</translation>
    </message>
    <message>
        <source>Bits of a sample: FLAC has no floats, and OGG knows no bits</source>
        <translation>Bit di un campione: FLAC non ha la virgola mobile e OGG non conosce bit</translation>
    </message>
    <message>
        <source>blocked</source>
        <translation>bloccato</translation>
    </message>
    <message>
        <source>Blue</source>
        <translation>Blu</translation>
    </message>
    <message>
        <source>bongo</source>
        <translation>bonghi</translation>
    </message>
    <message>
        <source>bongos</source>
        <translation>bonghi</translation>
    </message>
    <message>
        <source>Both</source>
        <translation>Entrambi</translation>
    </message>
    <message>
        <source>bpm</source>
        <translation>bpm</translation>
    </message>
    <message>
        <source>Brake</source>
        <translation>Freno</translation>
    </message>
    <message>
        <source>brass</source>
        <translation>ottoni</translation>
    </message>
    <message>
        <source>bright</source>
        <translation>brillante</translation>
    </message>
    <message>
        <source>Brightness</source>
        <translation>Brillantezza</translation>
    </message>
    <message>
        <source>Browse for {title}</source>
        <translation>Cerca {title}</translation>
    </message>
    <message>
        <source>Browse…</source>
        <translation>Sfoglia…</translation>
    </message>
    <message>
        <source>brush</source>
        <translation>spazzole</translation>
    </message>
    <message>
        <source>brushes</source>
        <translation>spazzole</translation>
    </message>
    <message>
        <source>Built-in composer</source>
        <translation>Compositore</translation>
    </message>
    <message>
        <source>busy</source>
        <translation>movimentato</translation>
    </message>
    <message>
        <source>By a sample, with Shift by ten; or to the next place to snap to</source>
        <translation>Di un campione, con Maiusc di dieci; o al prossimo punto d’aggancio</translation>
    </message>
    <message>
        <source>by hand</source>
        <translation>a mano</translation>
    </message>
    <message>
        <source>By hand</source>
        <translation>A mano</translation>
    </message>
    <message>
        <source>By how much</source>
        <translation>Di quanto</translation>
    </message>
    <message>
        <source>By OSC {n} more were refused within a second: look at what sends them.</source>
        <translation>Via OSC ne sono stati rifiutati altri {n} in un secondo: guarda che cosa li manda.</translation>
    </message>
    <message>
        <source>By the recipe of “{title}” a clip is made, to play next</source>
        <translation>Con la ricetta di “{title}” si fa una clip, da suonare dopo</translation>
    </message>
    <message>
        <source>By what a loop is judged: several metrics, or spectral similarity alone</source>
        <translation>Con che cosa si giudica un loop: più metriche, o la sola somiglianza spettrale</translation>
    </message>
    <message>
        <source>By which gains loops blend: matched to how alike they are, equal power, equal gain, or smooth</source>
        <translation>Con quali guadagni si fondono i loop: su misura di quanto si somigliano, a pari potenza, a pari guadagno o morbidi</translation>
    </message>
    <message>
        <source>C</source>
        <translation>Do</translation>
    </message>
    <message>
        <source>C&amp;ancel</source>
        <translation>A&amp;nnulla</translation>
    </message>
    <message>
        <source>C&amp;lose</source>
        <translation>C&amp;hiudi</translation>
    </message>
    <message>
        <source>C&amp;ut</source>
        <translation>Ta&amp;glia</translation>
    </message>
    <message>
        <source>Call off</source>
        <translation>Annulla</translation>
    </message>
    <message>
        <source>Call off the mending of the seam</source>
        <translation>Smetti di cucire la giuntura</translation>
    </message>
    <message>
        <source>Call off the sounds that wait</source>
        <translation>Annulla i suoni in attesa</translation>
    </message>
    <message>
        <source>Call off what comes on {layer}</source>
        <translation>Disdici ciò che arriva: {layer}</translation>
    </message>
    <message>
        <source>calm</source>
        <translation>calmo</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annulla</translation>
    </message>
    <message>
        <source>Cancel making {layer}</source>
        <translation>Annulla la creazione: {layer}</translation>
    </message>
    <message>
        <source>Cancel the phrase</source>
        <translation>Annulla la frase</translation>
    </message>
    <message>
        <source>Cancel what is being made</source>
        <translation>Annulla ciò che si sta facendo</translation>
    </message>
    <message>
        <source>Cancelled.</source>
        <translation>Annullato.</translation>
    </message>
    <message>
        <source>Candidates</source>
        <translation>Candidati</translation>
    </message>
    <message>
        <source>Candidates are the loops that were found, the score map shows every other one, and the metrics say what speaks for the one that plays. A click plays another.</source>
        <translation>I candidati sono i loop trovati, la mappa mostra tutti gli altri, e le metriche dicono che cosa parla per quello che suona. Un clic ne suona un altro.</translation>
    </message>
    <message>
        <source>Cannot be had: {text}</source>
        <translation>Non si può avere: {text}</translation>
    </message>
    <message>
        <source>CC-BY-NC-4.0: not for commercial use</source>
        <translation>CC-BY-NC-4.0: non per uso commerciale</translation>
    </message>
    <message>
        <source>cello</source>
        <translation>violoncello</translation>
    </message>
    <message>
        <source>change the transition to “{title}”</source>
        <translation>cambia la transizione verso “{title}”</translation>
    </message>
    <message>
        <source>change {n} settings</source>
        <translation>cambia {n} impostazioni</translation>
    </message>
    <message>
        <source>change “{title}”</source>
        <translation>cambia “{title}”</translation>
    </message>
    <message>
        <source>changed by hand</source>
        <translation>cambiata a mano</translation>
    </message>
    <message>
        <source>Channel that is drawn: {name}</source>
        <translation>Canale disegnato: {name}</translation>
    </message>
    <message>
        <source>Channels</source>
        <translation>Canali</translation>
    </message>
    <message>
        <source>checking</source>
        <translation>controllo</translation>
    </message>
    <message>
        <source>chip bass</source>
        <translation>basso chip</translation>
    </message>
    <message>
        <source>chip kit</source>
        <translation>batteria chip</translation>
    </message>
    <message>
        <source>choir</source>
        <translation>coro</translation>
    </message>
    <message>
        <source>Choose a folder…</source>
        <translation>Scegli una cartella…</translation>
    </message>
    <message>
        <source>Choose a loop of the mix</source>
        <translation>Scegli un loop del mix</translation>
    </message>
    <message>
        <source>Choose a page with the arrow keys</source>
        <translation>Scegli una pagina con le frecce</translation>
    </message>
    <message>
        <source>Choose a sound</source>
        <translation>Scegli un suono</translation>
    </message>
    <message>
        <source>Choose a sound and hold its recipe against this one, line by line</source>
        <translation>Scegli un suono e confronta la sua ricetta con questa, riga per riga</translation>
    </message>
    <message>
        <source>Choose a sound and show the recipe that it carries</source>
        <translation>Scegli un suono e mostra la ricetta che porta con sé</translation>
    </message>
    <message>
        <source>choose another loop of “{title}”</source>
        <translation>scegli un altro loop di “{title}”</translation>
    </message>
    <message>
        <source>Choose another name: this file is what is made again</source>
        <translation>Scegli un altro nome: questo è il file che si rifà</translation>
    </message>
    <message>
        <source>Choose in SETUP where models are kept, and whether to work offline</source>
        <translation>Scegli in SETUP dove stanno i modelli e se lavorare offline</translation>
    </message>
    <message>
        <source>Choose the axis, the colours, the window and the floor of the spectrogram</source>
        <translation>Scegli l’asse, i colori, la finestra e la soglia dello spettrogramma</translation>
    </message>
    <message>
        <source>Choose the file</source>
        <translation>Scegli il file</translation>
    </message>
    <message>
        <source>Choose the folder</source>
        <translation>Scegli la cartella</translation>
    </message>
    <message>
        <source>Choose the folder in which the slots are to be, or are already</source>
        <translation>Scegli la cartella in cui gli slot devono stare, o stanno già</translation>
    </message>
    <message>
        <source>Choose the folder of fragments</source>
        <translation>Scegli la cartella dei frammenti</translation>
    </message>
    <message>
        <source>Chords</source>
        <translation>Accordi</translation>
    </message>
    <message>
        <source>chords</source>
        <translation>accordi</translation>
    </message>
    <message>
        <source>Chords to play along with, with bar lines between bars: Am | F C | G7; they come again until the clip ends</source>
        <translation>Accordi da accompagnare, con stanghette tra le battute: Lam | Fa Do | Sol7; tornano finché dura la clip</translation>
    </message>
    <message>
        <source>cinematic</source>
        <translation>cinematografico</translation>
    </message>
    <message>
        <source>Circle</source>
        <translation>Cerchio</translation>
    </message>
    <message>
        <source>claps</source>
        <translation>clap</translation>
    </message>
    <message>
        <source>clarinet</source>
        <translation>clarinetto</translation>
    </message>
    <message>
        <source>classical</source>
        <translation>classica</translation>
    </message>
    <message>
        <source>clean</source>
        <translation>pulito</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>Svuota</translation>
    </message>
    <message>
        <source>Clear its automation</source>
        <translation>Cancella la sua automazione</translation>
    </message>
    <message>
        <source>Clear moves</source>
        <translation>Cancella mosse</translation>
    </message>
    <message>
        <source>Clear slot {number}</source>
        <translation>Svuota lo slot {number}</translation>
    </message>
    <message>
        <source>Clear the automation</source>
        <translation>Cancella l’automazione</translation>
    </message>
    <message>
        <source>Clear the console</source>
        <translation>Svuota la console</translation>
    </message>
    <message>
        <source>Click at the count-in</source>
        <translation>Clic nel conteggio</translation>
    </message>
    <message>
        <source>Click or press Enter to play it.</source>
        <translation>Clic o Invio per suonarlo.</translation>
    </message>
    <message>
        <source>clip</source>
        <translation>clip</translation>
    </message>
    <message>
        <source>Clip</source>
        <translation>Clip</translation>
    </message>
    <message>
        <source>Clips</source>
        <translation>Clip</translation>
    </message>
    <message>
        <source>Clips that were forgotten: {n}. They can be brought back until you quit.</source>
        <translation>Clip dimenticate: {n}. Si possono riportare finché non esci.</translation>
    </message>
    <message>
        <source>Clock to</source>
        <translation>Clock a</translation>
    </message>
    <message>
        <source>Clos&amp;e</source>
        <translation>C&amp;hiudi</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Chiudi</translation>
    </message>
    <message>
        <source>Close the list of recordings</source>
        <translation>Chiude l'elenco delle registrazioni</translation>
    </message>
    <message>
        <source>Close the recipe</source>
        <translation>Chiudi la ricetta</translation>
    </message>
    <message>
        <source>Close the statistics</source>
        <translation>Chiude le statistiche</translation>
    </message>
    <message>
        <source>Close this page and be shown the window in a few steps</source>
        <translation>Chiude questa pagina e mostra la finestra in pochi passi</translation>
    </message>
    <message>
        <source>Close this page and start the music, as AVVIA does</source>
        <translation>Chiude questa pagina e avvia la musica, come fa AVVIA</translation>
    </message>
    <message>
        <source>Close this page; what was chosen stays. Escape does it too</source>
        <translation>Chiude questa pagina; ciò che è stato scelto resta. Anche Esc la chiude</translation>
    </message>
    <message>
        <source>Close this window</source>
        <translation>Chiude questa finestra</translation>
    </message>
    <message>
        <source>Close this window; all is kept as it is</source>
        <translation>Chiudi questa finestra; tutto resta com’è</translation>
    </message>
    <message>
        <source>Close this window; the radio stays as it is</source>
        <translation>Chiude questa finestra; la radio resta com’è</translation>
    </message>
    <message>
        <source>Close without changing anything</source>
        <translation>Chiude senza cambiare nulla</translation>
    </message>
    <message>
        <source>Close; what is being fetched goes on</source>
        <translation>Chiude; ciò che si sta scaricando continua</translation>
    </message>
    <message>
        <source>cold</source>
        <translation>freddo</translation>
    </message>
    <message>
        <source>Colour the map by</source>
        <translation>Colora la mappa per</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>Colori</translation>
    </message>
    <message>
        <source>comes in</source>
        <translation>entra</translation>
    </message>
    <message>
        <source>comes in {time}</source>
        <translation>arriva fra {time}</translation>
    </message>
    <message>
        <source>comes next</source>
        <translation>arriva dopo</translation>
    </message>
    <message>
        <source>comes now</source>
        <translation>arriva ora</translation>
    </message>
    <message>
        <source>comes when it is ready</source>
        <translation>arriva quando è pronto</translation>
    </message>
    <message>
        <source>coming in now</source>
        <translation>entra ora</translation>
    </message>
    <message>
        <source>complex</source>
        <translation>complesso</translation>
    </message>
    <message>
        <source>composer</source>
        <translation>del compositore</translation>
    </message>
    <message>
        <source>composing</source>
        <translation>composizione</translation>
    </message>
    <message>
        <source>Compute on</source>
        <translation>Calcola su</translation>
    </message>
    <message>
        <source>congas</source>
        <translation>conga</translation>
    </message>
    <message>
        <source>connecting</source>
        <translation>collegamento</translation>
    </message>
    <message>
        <source>connecting again</source>
        <translation>nuovo collegamento</translation>
    </message>
    <message>
        <source>Console</source>
        <translation>Console</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>Continua</translation>
    </message>
    <message>
        <source>Continue a recording, accompany it, fill a gap in it or vary it</source>
        <translation>Continua una registrazione, la accompagna, ne riempie un vuoto o la varia</translation>
    </message>
    <message>
        <source>Control</source>
        <translation>Controllo</translation>
    </message>
    <message>
        <source>Controls of MIDI</source>
        <translation>Controlli MIDI</translation>
    </message>
    <message>
        <source>Copied: {names}</source>
        <translation>Copiato: {names}</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Copia</translation>
    </message>
    <message>
        <source>Copy the address</source>
        <translation>Copia l’indirizzo</translation>
    </message>
    <message>
        <source>Copy the address of the page</source>
        <translation>Copia l’indirizzo della pagina</translation>
    </message>
    <message>
        <source>Copy the console</source>
        <translation>Copia la console</translation>
    </message>
    <message>
        <source>Copy the prompt page's address</source>
        <translation>Copia l’indirizzo della pagina dei prompt</translation>
    </message>
    <message>
        <source>Copy the prompt page's address, with its token: open it once in the tablet's browser</source>
        <translation>Copia l’indirizzo della pagina dei prompt, con il suo token: aprilo una volta nel browser del tablet</translation>
    </message>
    <message>
        <source>Copy what is selected, or everything</source>
        <translation>Copia la selezione, o tutto</translation>
    </message>
    <message>
        <source>correlation {value:.1f}</source>
        <translation>correlazione {value:.1f}</translation>
    </message>
    <message>
        <source>counter</source>
        <translation>controcanto</translation>
    </message>
    <message>
        <source>cowbell</source>
        <translation>campanaccio</translation>
    </message>
    <message>
        <source>cpu</source>
        <translation>cpu</translation>
    </message>
    <message>
        <source>Crossfade of a swap</source>
        <translation>Dissolvenza di uno scambio</translation>
    </message>
    <message>
        <source>crossfade, ms</source>
        <translation>dissolvenza, ms</translation>
    </message>
    <message>
        <source>cuda</source>
        <translation>cuda</translation>
    </message>
    <message>
        <source>Curve of the crossfade</source>
        <translation>Curva della dissolvenza</translation>
    </message>
    <message>
        <source>curve of the crossfade</source>
        <translation>curva della dissolvenza</translation>
    </message>
    <message>
        <source>cut</source>
        <translation>taglio</translation>
    </message>
    <message>
        <source>Cutting the phrase to its bars…</source>
        <translation>Taglia la frase alle sue battute…</translation>
    </message>
    <message>
        <source>Cyan</source>
        <translation>Ciano</translation>
    </message>
    <message>
        <source>cymbals</source>
        <translation>piatti</translation>
    </message>
    <message>
        <source>D</source>
        <translation>Re</translation>
    </message>
    <message>
        <source>D&amp;one</source>
        <translation>Fa&amp;tto</translation>
    </message>
    <message>
        <source>dance wah</source>
        <translation>dance wah</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Scuro</translation>
    </message>
    <message>
        <source>dark</source>
        <translation>cupo</translation>
    </message>
    <message>
        <source>Data folder</source>
        <translation>Cartella dei dati</translation>
    </message>
    <message>
        <source>days</source>
        <translation>giorni</translation>
    </message>
    <message>
        <source>dB</source>
        <translation>dB</translation>
    </message>
    <message>
        <source>Delay</source>
        <translation>Delay</translation>
    </message>
    <message>
        <source>Delay send</source>
        <translation>Mandata</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Elimina</translation>
    </message>
    <message>
        <source>Delete the layout</source>
        <translation>Elimina la disposizione</translation>
    </message>
    <message>
        <source>Delete the layout “{title}”? The window goes back to “{default}”.</source>
        <translation>Eliminare la disposizione “{title}”? La finestra torna a “{default}”.</translation>
    </message>
    <message>
        <source>delete {n} takes</source>
        <translation>elimina {n} riprese</translation>
    </message>
    <message>
        <source>delete “{title}”</source>
        <translation>elimina “{title}”</translation>
    </message>
    <message>
        <source>dense</source>
        <translation>fitto</translation>
    </message>
    <message>
        <source>Density</source>
        <translation>Densità</translation>
    </message>
    <message>
        <source>Depth</source>
        <translation>Ampiezza</translation>
    </message>
    <message>
        <source>Depth of the wah</source>
        <translation>Ampiezza del wah</translation>
    </message>
    <message>
        <source>Describe the music: style, tempo, key, instruments, mood. Enter starts it</source>
        <translation>Descrivi la musica: stile, tempo, tonalità, strumenti, atmosfera. Invio la fa partire</translation>
    </message>
    <message>
        <source>Diff.</source>
        <translation>Diff.</translation>
    </message>
    <message>
        <source>Dip of the level at the seam</source>
        <translation>Calo di livello alla giuntura</translation>
    </message>
    <message>
        <source>dip {dip} dB</source>
        <translation>calo {dip} dB</translation>
    </message>
    <message>
        <source>dip {value}</source>
        <translation>calo {value}</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>Chiudi</translation>
    </message>
    <message>
        <source>Dismiss the notice</source>
        <translation>Chiudi l’avviso</translation>
    </message>
    <message>
        <source>Display of the spectrogram</source>
        <translation>Aspetto dello spettrogramma</translation>
    </message>
    <message>
        <source>distorted guitar</source>
        <translation>chitarra distorta</translation>
    </message>
    <message>
        <source>Do not &amp;measure</source>
        <translation>Non &amp;misurare</translation>
    </message>
    <message>
        <source>Do not play the sounds that wait their turn; what plays goes on</source>
        <translation>Non suonare i suoni che aspettano il loro turno; ciò che suona continua</translation>
    </message>
    <message>
        <source>Do something about it</source>
        <translation>Fai qualcosa</translation>
    </message>
    <message>
        <source>Does</source>
        <translation>Fa</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Fatto</translation>
    </message>
    <message>
        <source>Done again: {step}</source>
        <translation>Ripetuto: {step}</translation>
    </message>
    <message>
        <source>dorian</source>
        <translation>dorico</translation>
    </message>
    <message>
        <source>Double (&amp;2)</source>
        <translation>Doppio (&amp;2)</translation>
    </message>
    <message>
        <source>double time</source>
        <translation>tempo raddoppiato</translation>
    </message>
    <message>
        <source>downloading</source>
        <translation>scaricamento</translation>
    </message>
    <message>
        <source>downpour</source>
        <translation>acquazzone</translation>
    </message>
    <message>
        <source>DPM++ 2M</source>
        <translation>DPM++ 2M</translation>
    </message>
    <message>
        <source>DPM++ 2M SDE</source>
        <translation>DPM++ 2M SDE</translation>
    </message>
    <message>
        <source>DPM++ 2M SDE Heun</source>
        <translation>DPM++ 2M SDE Heun</translation>
    </message>
    <message>
        <source>dpmpp-2m</source>
        <translation>dpmpp-2m</translation>
    </message>
    <message>
        <source>dpmpp-2m-sde</source>
        <translation>dpmpp-2m-sde</translation>
    </message>
    <message>
        <source>dpmpp-2m-sde-heun</source>
        <translation>dpmpp-2m-sde-heun</translation>
    </message>
    <message>
        <source>Drag an edge of the loop to change it. Drag elsewhere to move, turn the wheel to zoom, double click or press 0 or A to see all; Up and Down zoom.
Keyboard: Tab, I and O (or [ and ]) choose an edge; the arrows move it by 1 ms, with Shift by a bar.</source>
        <translation>Trascina un bordo del loop per cambiarlo. Trascina altrove per spostarti, gira la rotella per ingrandire, doppio clic, 0 o A per vedere tutto; Su e Giù ingrandiscono e riducono.
Tastiera: Tab, I e O (o [ e ]) scelgono un bordo; le frecce lo spostano di 1 ms, con Maiusc di una battuta.</translation>
    </message>
    <message>
        <source>Drag it out, or Ctrl+C, for a copy of the file. Space plays it beside the music, F freezes it, P gives it a prompt of its own, Del empties it, Enter makes one for it</source>
        <translation>Trascinalo fuori, o Ctrl+C, per una copia del file. Spazio lo suona accanto alla musica, F lo congela, P gli dà un prompt suo, Canc lo svuota, Invio ne crea uno per lui</translation>
    </message>
    <message>
        <source>Drag the dot, or move it by the arrow keys, finely with Shift</source>
        <translation>Trascina il punto, o muovilo con le frecce, più fine con Shift</translation>
    </message>
    <message>
        <source>Drag the loop into a file manager or a DAW: WAV with tempo, bars and loop points</source>
        <translation>Trascina il loop in un gestore di file o in una DAW: WAV con tempo, battute e punti di loop</translation>
    </message>
    <message>
        <source>Draw how loud either side is in the crossfade, as it is applied</source>
        <translation>Disegna quanto è forte ciascun lato nella dissolvenza, così come è applicata</translation>
    </message>
    <message>
        <source>Draw the loop as it is heard, its crossfade included</source>
        <translation>Disegna il loop come si sente, dissolvenza compresa</translation>
    </message>
    <message>
        <source>Draw the mean of both channels, the left one or the right one</source>
        <translation>Disegna la media dei due canali, il sinistro o il destro</translation>
    </message>
    <message>
        <source>Draw the notes over the spectrogram, where the generator tells them</source>
        <translation>Disegna le note sullo spettrogramma, se il generatore le dice</translation>
    </message>
    <message>
        <source>Draw the wave around the loop's start, where it goes on</source>
        <translation>Disegna l’onda attorno all’inizio del loop, dove prosegue</translation>
    </message>
    <message>
        <source>Draw the wave that the loop's end goes on with</source>
        <translation>Disegna l’onda con cui prosegue la fine del loop</translation>
    </message>
    <message>
        <source>Draw what comes in less what goes out</source>
        <translation>Disegna ciò che entra meno ciò che esce</translation>
    </message>
    <message>
        <source>dreamy</source>
        <translation>sognante</translation>
    </message>
    <message>
        <source>drizzle</source>
        <translation>pioggerella</translation>
    </message>
    <message>
        <source>Drop it</source>
        <translation>Scartarlo</translation>
    </message>
    <message>
        <source>Drop to play</source>
        <translation>Rilascia per suonare</translation>
    </message>
    <message>
        <source>drums</source>
        <translation>batteria</translation>
    </message>
    <message>
        <source>Drums</source>
        <translation>Batteria</translation>
    </message>
    <message>
        <source>dry</source>
        <translation>asciutto</translation>
    </message>
    <message>
        <source>Duration</source>
        <translation>Durata</translation>
    </message>
    <message>
        <source>duration asked for, s</source>
        <translation>durata richiesta, s</translation>
    </message>
    <message>
        <source>dusty</source>
        <translation>polveroso</translation>
    </message>
    <message>
        <source>E</source>
        <translation>Mi</translation>
    </message>
    <message>
        <source>E&amp;nd</source>
        <translation>F&amp;ine</translation>
    </message>
    <message>
        <source>Each clip that the studio makes is measured, from where its music is begun.</source>
        <translation>Si misura ogni clip che lo studio fa, da quando comincia la sua musica.</translation>
    </message>
    <message>
        <source>Effects</source>
        <translation>Effetti</translation>
    </message>
    <message>
        <source>Effects of {layer}</source>
        <translation>Effetti di {layer}</translation>
    </message>
    <message>
        <source>electric guitar</source>
        <translation>chitarra elettrica</translation>
    </message>
    <message>
        <source>electric piano</source>
        <translation>piano elettrico</translation>
    </message>
    <message>
        <source>electro kit</source>
        <translation>batteria electro</translation>
    </message>
    <message>
        <source>empty</source>
        <translation>vuoto</translation>
    </message>
    <message>
        <source>Empty it; the archive keeps it</source>
        <translation>Svuotalo; l’archivio conserva il suono</translation>
    </message>
    <message>
        <source>Empty the console</source>
        <translation>Svuota la console</translation>
    </message>
    <message>
        <source>Empty the prompt</source>
        <translation>Svuota il prompt</translation>
    </message>
    <message>
        <source>en</source>
        <translation>it</translation>
    </message>
    <message>
        <source>End</source>
        <translation>Fine</translation>
    </message>
    <message>
        <source>end at sample {n}</source>
        <translation>fine al campione {n}</translation>
    </message>
    <message>
        <source>end at {s:.3f} s</source>
        <translation>fine a {s:.3f} s</translation>
    </message>
    <message>
        <source>End it with the bar that plays (R)</source>
        <translation>La termina con la battuta che suona (R)</translation>
    </message>
    <message>
        <source>End the music and close the studio</source>
        <translation>Ferma la musica e chiudi lo studio</translation>
    </message>
    <message>
        <source>End the recording of the jam</source>
        <translation>Termina la registrazione della jam</translation>
    </message>
    <message>
        <source>End the tour (Right)</source>
        <translation>Finisce il giro (Destra)</translation>
    </message>
    <message>
        <source>End the tour; the window is then as it was (Esc)</source>
        <translation>Finisce il giro; la finestra torna com’era (Esc)</translation>
    </message>
    <message>
        <source>Endless</source>
        <translation>Senza fine</translation>
    </message>
    <message>
        <source>endless</source>
        <translation>senza fine</translation>
    </message>
    <message>
        <source>Endless {layer}</source>
        <translation>Senza fine: {layer}</translation>
    </message>
    <message>
        <source>energetic</source>
        <translation>energico</translation>
    </message>
    <message>
        <source>Energy</source>
        <translation>Energia</translation>
    </message>
    <message>
        <source>English</source>
        <translation>English</translation>
    </message>
    <message>
        <source>Enter makes one; with nothing here the next of the rotation is made</source>
        <translation>Invio ne crea uno; se qui non c’è niente, il prossimo della rotazione</translation>
    </message>
    <message>
        <source>Enter or a double click plays a take, and new music goes on from it. Shift and Ctrl select several, Del deletes them, Ctrl+Z brings them back; drag takes out, or copy them, as WAV files (Ctrl+B comes here)</source>
        <translation>Invio o doppio clic suona una ripresa, e la musica nuova prosegue da lì. Maiusc e Ctrl ne scelgono più d'una, Canc le elimina, Ctrl+Z le riporta; trascinale fuori, o copiale, come file WAV (Ctrl+B porta qui)</translation>
    </message>
    <message>
        <source>Entry of the next loop</source>
        <translation>Entrata del prossimo loop</translation>
    </message>
    <message>
        <source>epic</source>
        <translation>epico</translation>
    </message>
    <message>
        <source>Equal gain</source>
        <translation>Pari guadagno</translation>
    </message>
    <message>
        <source>equal gain</source>
        <translation>pari guadagno</translation>
    </message>
    <message>
        <source>Equal power</source>
        <translation>Pari potenza</translation>
    </message>
    <message>
        <source>equal power</source>
        <translation>pari potenza</translation>
    </message>
    <message>
        <source>Euler</source>
        <translation>Eulero</translation>
    </message>
    <message>
        <source>euler</source>
        <translation>euler</translation>
    </message>
    <message>
        <source>Every</source>
        <translation>Ogni</translation>
    </message>
    <message>
        <source>Every loop of the clip: from left to right where it starts, upwards how long it is. The more colour, the better it holds. Rings are the candidates, the cross is what plays.
Rest on a loop to hear its seam, click to play it, drag the cross to another. Drag along the lengths at the left to limit them. Turn the wheel to zoom, double click to see all.
Keyboard: the arrows point (with Shift further), Enter plays, P hears, I and O limit the lengths, Delete frees them, L changes the colours, + and − zoom, 0 or A shows all.</source>
        <translation>Ogni loop della clip: da sinistra a destra dove comincia, verso l'alto quanto dura. Più colore, meglio tiene. Gli anelli sono i candidati, la croce è quello che suona.
Fermati su un loop per sentirne la giuntura, fai clic per suonarlo, trascina la croce su un altro. Trascina lungo le durate a sinistra per limitarle. Gira la rotella per ingrandire, doppio clic per vedere tutto.
Tastiera: le frecce indicano (con Maiusc più lontano), Invio suona, P fa sentire, I e O limitano le durate, Canc le libera, L cambia i colori, + e − ingrandiscono, 0 o A mostra tutto.</translation>
    </message>
    <message>
        <source>everything</source>
        <translation>tutto</translation>
    </message>
    <message>
        <source>evolution</source>
        <translation>evoluzione</translation>
    </message>
    <message>
        <source>Evolve</source>
        <translation>Evoluzione</translation>
    </message>
    <message>
        <source>Exact length</source>
        <translation>Durata esatta</translation>
    </message>
    <message>
        <source>Exchange the basses in the middle of the transition, so that never two sound at once</source>
        <translation>Scambia i bassi a metà del passaggio, così non suonano mai due bassi insieme</translation>
    </message>
    <message>
        <source>Export the recording</source>
        <translation>Esporta la registrazione</translation>
    </message>
    <message>
        <source>F</source>
        <translation>Fa</translation>
    </message>
    <message>
        <source>Fade</source>
        <translation>Dissolvenza</translation>
    </message>
    <message>
        <source>Fade all layers out (Space)</source>
        <translation>Sfuma tutti gli strati (Spazio)</translation>
    </message>
    <message>
        <source>Fade out and stop making music</source>
        <translation>Sfuma e smette di fare musica</translation>
    </message>
    <message>
        <source>Fade the music out slowly and stop it after a while</source>
        <translation>Dopo un po' sfuma la musica lentamente e la ferma</translation>
    </message>
    <message>
        <source>fade, s</source>
        <translation>dissolvenza, s</translation>
    </message>
    <message>
        <source>fast</source>
        <translation>veloce</translation>
    </message>
    <message>
        <source>Favourite</source>
        <translation>Preferito</translation>
    </message>
    <message>
        <source>Favourites, loops you set by hand, what you saved and what plays stay.</source>
        <translation>I preferiti, i loop regolati a mano, ciò che hai salvato e ciò che suona restano.</translation>
    </message>
    <message>
        <source>Feedback</source>
        <translation>Feedback</translation>
    </message>
    <message>
        <source>Fetch it</source>
        <translation>Scaricalo</translation>
    </message>
    <message>
        <source>Fetch no more of this, and leave nothing half done</source>
        <translation>Non scaricarne altro, senza lasciare niente a metà</translation>
    </message>
    <message>
        <source>Fetch nothing: no model, no program, no package, even where one is asked for; what is here goes on working</source>
        <translation>Non scarica niente: né modelli, né programmi, né pacchetti, nemmeno se richiesti; ciò che c’è continua a funzionare</translation>
    </message>
    <message>
        <source>Fetch what is missing</source>
        <translation>Scarica ciò che manca</translation>
    </message>
    <message>
        <source>file</source>
        <translation>file</translation>
    </message>
    <message>
        <source>Files of the studio (*.wav *.flac *.ogg *.mid)</source>
        <translation>File dello studio (*.wav *.flac *.ogg *.mid)</translation>
    </message>
    <message>
        <source>Files of “{name}” are damaged: {files}. “Go on” fetches them again.</source>
        <translation>Alcuni file di “{name}” sono guasti: {files}. “Continua” li scarica di nuovo.</translation>
    </message>
    <message>
        <source>Files, undo, layouts of the window and its panels, help. Layout now: {title}</source>
        <translation>File, annulla, disposizioni della finestra e suoi pannelli, aiuto. Disposizione ora: {title}</translation>
    </message>
    <message>
        <source>Fill a gap</source>
        <translation>Riempi un vuoto</translation>
    </message>
    <message>
        <source>Filters, room, delay, wah and what is held, of a layer or of the mix (F)</source>
        <translation>Filtri, stanza, delay, wah ed effetti tenuti, di uno strato o del mix (F)</translation>
    </message>
    <message>
        <source>finding the loop</source>
        <translation>ricerca del loop</translation>
    </message>
    <message>
        <source>finishing</source>
        <translation>rifinitura</translation>
    </message>
    <message>
        <source>First bar</source>
        <translation>Prima battuta</translation>
    </message>
    <message>
        <source>fits</source>
        <translation>ci sta</translation>
    </message>
    <message>
        <source>FLAC</source>
        <translation>FLAC</translation>
    </message>
    <message>
        <source>Floor</source>
        <translation>Soglia</translation>
    </message>
    <message>
        <source>FluidSynth’s library is not installed</source>
        <translation>la libreria di FluidSynth non è installata</translation>
    </message>
    <message>
        <source>flute</source>
        <translation>flauto</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Cartella</translation>
    </message>
    <message>
        <source>Folder in which the jam is to be kept</source>
        <translation>Cartella in cui conservare la jam</translation>
    </message>
    <message>
        <source>Folder of fragments</source>
        <translation>Cartella dei frammenti</translation>
    </message>
    <message>
        <source>Folder, slots, generator, loops, the rotation of prompts, the prompt page and OSC</source>
        <translation>Cartella, slot, generatore, loop, la rotazione dei prompt, la pagina dei prompt e OSC</translation>
    </message>
    <message>
        <source>Folders</source>
        <translation>Cartelle</translation>
    </message>
    <message>
        <source>Follow</source>
        <translation>Segui</translation>
    </message>
    <message>
        <source>for ever</source>
        <translation>per sempre</translation>
    </message>
    <message>
        <source>For everybody</source>
        <translation>Per tutti</translation>
    </message>
    <message>
        <source>For the network</source>
        <translation>Per la rete</translation>
    </message>
    <message>
        <source>Forget how long clips took, and measure anew; it can be brought back here until you quit</source>
        <translation>Dimentica quanto hanno richiesto le clip, e misura da capo; qui si può riportare finché non esci</translation>
    </message>
    <message>
        <source>Forget the peaks, and begin the long-term average anew</source>
        <translation>Dimentica i picchi e ricomincia la media a lungo termine</translation>
    </message>
    <message>
        <source>Forget this layout; the panels themselves stay</source>
        <translation>Dimentica questa disposizione; i pannelli restano</translation>
    </message>
    <message>
        <source>Forget what was changed here: entry and length as the Overlap panel says (Backspace in the plot)</source>
        <translation>Dimentica ciò che è stato cambiato qui: entrata e lunghezza come dice il pannello Sovrapposizione (Backspace nel grafico)</translation>
    </message>
    <message>
        <source>Forget what was recorded of all these knobs; Del on a slider clears only that one</source>
        <translation>Dimentica ciò che fu registrato di tutte queste manopole; Canc su un cursore cancella solo quella</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>Formato</translation>
    </message>
    <message>
        <source>found</source>
        <translation>trovato</translation>
    </message>
    <message>
        <source>Found at {path}</source>
        <translation>Trovato in {path}</translation>
    </message>
    <message>
        <source>four on the floor</source>
        <translation>cassa in quattro</translation>
    </message>
    <message>
        <source>Fragments</source>
        <translation>Frammenti</translation>
    </message>
    <message>
        <source>Fragments are made like this from now on</source>
        <translation>D’ora in poi i frammenti si creano così</translation>
    </message>
    <message>
        <source>Free the lengths</source>
        <translation>Libera le durate</translation>
    </message>
    <message>
        <source>Freeze slot {number}</source>
        <translation>Congela lo slot {number}</translation>
    </message>
    <message>
        <source>Frequencies</source>
        <translation>Frequenze</translation>
    </message>
    <message>
        <source>From</source>
        <translation>Da</translation>
    </message>
    <message>
        <source>From -1, dark, to 1, bright</source>
        <translation>Da -1, scuro, a 1, brillante</translation>
    </message>
    <message>
        <source>From -1, dry and near, to 1, in a large room</source>
        <translation>Da -1, asciutto e vicino, a 1, in una grande sala</translation>
    </message>
    <message>
        <source>From -1, with few notes and strokes, to 1, with many</source>
        <translation>Da -1, con poche note e pochi colpi, a 1, con molti</translation>
    </message>
    <message>
        <source>From -1, with most players at rest, to 1, with everybody playing</source>
        <translation>Da -1, con quasi tutti a riposo, a 1, con tutti che suonano</translation>
    </message>
    <message>
        <source>From loop to loop</source>
        <translation>Da un loop all’altro</translation>
    </message>
    <message>
        <source>From mixing a sample to hearing it</source>
        <translation>Da quando un campione è mixato a quando si sente</translation>
    </message>
    <message>
        <source>From {source}</source>
        <translation>Da {source}</translation>
    </message>
    <message>
        <source>from {start} of {whole}</source>
        <translation>da {start} di {whole}</translation>
    </message>
    <message>
        <source>frozen</source>
        <translation>congelato</translation>
    </message>
    <message>
        <source>full</source>
        <translation>piena</translation>
    </message>
    <message>
        <source>Full</source>
        <translation>Piena</translation>
    </message>
    <message>
        <source>Full (32 bits)</source>
        <translation>Piena (32 bit)</translation>
    </message>
    <message>
        <source>Full window</source>
        <translation>Finestra intera</translation>
    </message>
    <message>
        <source>funny</source>
        <translation>buffo</translation>
    </message>
    <message>
        <source>G</source>
        <translation>Sol</translation>
    </message>
    <message>
        <source>gain</source>
        <translation>guadagno</translation>
    </message>
    <message>
        <source>Gain</source>
        <translation>Guadagno</translation>
    </message>
    <message>
        <source>Gains</source>
        <translation>Gain</translation>
    </message>
    <message>
        <source>Gains of the crossfade</source>
        <translation>Guadagni della dissolvenza incrociata</translation>
    </message>
    <message>
        <source>game</source>
        <translation>gioco</translation>
    </message>
    <message>
        <source>Gap from</source>
        <translation>Vuoto da</translation>
    </message>
    <message>
        <source>Gap to</source>
        <translation>Vuoto fino a</translation>
    </message>
    <message>
        <source>Gate</source>
        <translation>Gate</translation>
    </message>
    <message>
        <source>GB</source>
        <translation>GB</translation>
    </message>
    <message>
        <source>Generate</source>
        <translation>Genera</translation>
    </message>
    <message>
        <source>generating</source>
        <translation>generazione</translation>
    </message>
    <message>
        <source>Generator</source>
        <translation>Generatore</translation>
    </message>
    <message>
        <source>generator</source>
        <translation>generatore</translation>
    </message>
    <message>
        <source>Generator of {layer}</source>
        <translation>Generatore di {layer}</translation>
    </message>
    <message>
        <source>Generator, model and, where that is known, what it was computed on</source>
        <translation>Generatore, modello e, dove si sa, su che cosa è stato calcolato</translation>
    </message>
    <message>
        <source>Generators, sound, loops, folders, language</source>
        <translation>Generatori, suono, loop, cartelle, lingua</translation>
    </message>
    <message>
        <source>Get</source>
        <translation>Scarica</translation>
    </message>
    <message>
        <source>get it from https://github.com/gabotechs/MusicGPT and put it on the PATH, or name its file in SETUP or in INFINILOOP_MUSICGPT</source>
        <translation>scaricalo da https://github.com/gabotechs/MusicGPT e mettilo nel PATH, oppure indicane il file in SETUP o in INFINILOOP_MUSICGPT</translation>
    </message>
    <message>
        <source>GigMate</source>
        <translation>GigMate</translation>
    </message>
    <message>
        <source>gigmate</source>
        <translation>gigmate</translation>
    </message>
    <message>
        <source>Give it a prompt of its own</source>
        <translation>Dagli un prompt suo</translation>
    </message>
    <message>
        <source>Give the recording another name</source>
        <translation>Dà un altro nome alla registrazione</translation>
    </message>
    <message>
        <source>Give up the fragment that is made and those that wait; what is in the slots stays</source>
        <translation>Lascia perdere il frammento in corso e quelli in attesa; ciò che è negli slot resta</translation>
    </message>
    <message>
        <source>Go back to the full window, as it was left</source>
        <translation>Torna alla finestra intera, come l'hai lasciata</translation>
    </message>
    <message>
        <source>Go back to the loop before</source>
        <translation>Torna al loop di prima</translation>
    </message>
    <message>
        <source>Go back to the loop before, at its next end</source>
        <translation>Torna al loop di prima, alla sua prossima fine</translation>
    </message>
    <message>
        <source>Go back to the page before</source>
        <translation>Torna alla pagina di prima</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Continua</translation>
    </message>
    <message>
        <source>Go on after the recording, add parts to it, play in a gap of it, or play its music in another way</source>
        <translation>Andare avanti dopo la registrazione, aggiungerle parti, suonare in un suo vuoto, o suonarne la musica in un altro modo</translation>
    </message>
    <message>
        <source>Go on from the mix</source>
        <translation>Continua dal mix</translation>
    </message>
    <message>
        <source>Go on to the next loop; pressed again, sooner</source>
        <translation>Passa al prossimo loop; premuto ancora, prima</translation>
    </message>
    <message>
        <source>Go on where the music was paused</source>
        <translation>Riprende da dove la musica era in pausa</translation>
    </message>
    <message>
        <source>Go to the loop after it again</source>
        <translation>Va di nuovo al loop dopo</translation>
    </message>
    <message>
        <source>Go to the next panel</source>
        <translation>Vai al pannello successivo</translation>
    </message>
    <message>
        <source>Go to the previous panel</source>
        <translation>Vai al pannello precedente</translation>
    </message>
    <message>
        <source>Going on the air…</source>
        <translation>Sta andando in onda…</translation>
    </message>
    <message>
        <source>Graphics card (CUDA)</source>
        <translation>Scheda grafica (CUDA)</translation>
    </message>
    <message>
        <source>Green</source>
        <translation>Verde</translation>
    </message>
    <message>
        <source>Grey</source>
        <translation>Grigio</translation>
    </message>
    <message>
        <source>gritty</source>
        <translation>grezzo</translation>
    </message>
    <message>
        <source>Guidance</source>
        <translation>Guida</translation>
    </message>
    <message>
        <source>guiro</source>
        <translation>güiro</translation>
    </message>
    <message>
        <source>guitar</source>
        <translation>chitarra</translation>
    </message>
    <message>
        <source>Hal&amp;f</source>
        <translation>&amp;Metà</translation>
    </message>
    <message>
        <source>Half</source>
        <translation>Dimezzata</translation>
    </message>
    <message>
        <source>half</source>
        <translation>dimezzata</translation>
    </message>
    <message>
        <source>Half takes half the memory and is faster; “best” takes it where this machine computes it natively</source>
        <translation>Dimezzata usa metà memoria ed è più veloce; “Migliore” la sceglie dove questa macchina la calcola direttamente</translation>
    </message>
    <message>
        <source>half time</source>
        <translation>tempo dimezzato</translation>
    </message>
    <message>
        <source>hand</source>
        <translation>a mano</translation>
    </message>
    <message>
        <source>hand percussion</source>
        <translation>percussioni a mano</translation>
    </message>
    <message>
        <source>handclap</source>
        <translation>battimani</translation>
    </message>
    <message>
        <source>happy</source>
        <translation>felice</translation>
    </message>
    <message>
        <source>harmonic minor</source>
        <translation>minore armonica</translation>
    </message>
    <message>
        <source>harmonica</source>
        <translation>armonica</translation>
    </message>
    <message>
        <source>harp</source>
        <translation>arpa</translation>
    </message>
    <message>
        <source>harpsichord</source>
        <translation>clavicembalo</translation>
    </message>
    <message>
        <source>Has the last beat heard again and again</source>
        <translation>Fa risentire l’ultimo beat ancora e ancora</translation>
    </message>
    <message>
        <source>hat</source>
        <translation>charleston</translation>
    </message>
    <message>
        <source>Have a loop made for each layer that is shown: they come with one bar, when all are there</source>
        <translation>Fa creare un loop per ogni strato mostrato: arrivano con una stessa battuta, quando ci sono tutti</translation>
    </message>
    <message>
        <source>Have a model that repaints paint the seam of each new loop anew while it plays, where the seam is heard; what is no better is not used. Such a model takes memory and time: see Models</source>
        <translation>Mentre un nuovo loop suona, fai ridipingere la sua giuntura, se si sente, a un modello che sa farlo; ciò che non è migliore non si usa. Un tale modello vuole memoria e tempo: vedi Modelli</translation>
    </message>
    <message>
        <source>Have each beat of the count-in click; it is not recorded</source>
        <translation>Fa sentire un clic a ogni beat del conteggio; non viene registrato</translation>
    </message>
    <message>
        <source>Have every metric count as usual: candidates are then in the loop finder's own order</source>
        <translation>Fa contare ogni metrica come al solito: i candidati sono allora nell'ordine proprio della ricerca</translation>
    </message>
    <message>
        <source>Have MusicGPT compute on the graphics card; where it cannot, it makes no clip and says so</source>
        <translation>Fa calcolare MusicGPT sulla scheda grafica; dove non può, non crea clip e lo dice</translation>
    </message>
    <message>
        <source>Have only the layers heard that are solo (Shift+{key})</source>
        <translation>Fa sentire solo gli strati in solo (Maiusc+{key})</translation>
    </message>
    <message>
        <source>Have the circle leave it out, or not</source>
        <translation>Fa’ che il cerchio lo salti, o non più</translation>
    </message>
    <message>
        <source>Have the input be heard; it is closed by itself where it is about to howl</source>
        <translation>Fa sentire l’ingresso; si chiude da sé dove sta per fischiare</translation>
    </message>
    <message>
        <source>Have the layer go on unheard ({key})</source>
        <translation>Lo strato prosegue senza farsi sentire ({key})</translation>
    </message>
    <message>
        <source>Have the loop be its first half</source>
        <translation>Il loop diventa la sua prima metà</translation>
    </message>
    <message>
        <source>Have the loop be twice itself, for longer phrases</source>
        <translation>Il loop diventa il doppio di sé, per frasi più lunghe</translation>
    </message>
    <message>
        <source>Have the next bars made for ever, each part from the one before (E)</source>
        <translation>Fa creare sempre le battute successive, ogni parte da quella prima (E)</translation>
    </message>
    <message>
        <source>Have the pad spring back</source>
        <translation>Fa tornare indietro il pad</translation>
    </message>
    <message>
        <source>Have the row's controls do nothing</source>
        <translation>I controlli della riga non fanno più nulla</translation>
    </message>
    <message>
        <source>Have the studio find its loop and play it on</source>
        <translation>Lo studio ne trova il loop e lo continua a suonare</translation>
    </message>
    <message>
        <source>Have what is queued not come (Esc)</source>
        <translation>Ciò che è in coda non arriva (Esc)</translation>
    </message>
    <message>
        <source>Have what the studio plays go out as a stream</source>
        <translation>Fa uscire come flusso ciò che lo studio suona</translation>
    </message>
    <message>
        <source>Have what the studio plays go out as a stream, for all who open its address</source>
        <translation>Fa uscire come flusso ciò che lo studio suona, per tutti quelli che ne aprono l’indirizzo</translation>
    </message>
    <message>
        <source>Have {painter} paint a beat on either side of the joint anew; it plays so only if it is better</source>
        <translation>Fa ridipingere a {painter} un beat per lato del punto di unione; suona così solo se è meglio</translation>
    </message>
    <message>
        <source>Hear</source>
        <translation>Ascolta</translation>
    </message>
    <message>
        <source>Hear both together, from shortly before the new music on</source>
        <translation>Ascolta entrambe insieme, da poco prima della musica nuova</translation>
    </message>
    <message>
        <source>Hear half a second before the joint and after it, again and again; what plays grows quiet</source>
        <translation>Ascolta mezzo secondo prima e dopo il punto di unione, più volte; ciò che suona si abbassa</translation>
    </message>
    <message>
        <source>Hear it</source>
        <translation>Ascoltalo</translation>
    </message>
    <message>
        <source>Hear it beside the music, or end it</source>
        <translation>Ascoltalo accanto alla musica, o fallo finire</translation>
    </message>
    <message>
        <source>Hear it now</source>
        <translation>Sentirlo ora</translation>
    </message>
    <message>
        <source>Hear slot {number}</source>
        <translation>Ascolta lo slot {number}</translation>
    </message>
    <message>
        <source>Hear the new music alone</source>
        <translation>Ascolta la sola musica nuova</translation>
    </message>
    <message>
        <source>Hear the recording, from shortly before the new music on</source>
        <translation>Ascolta la registrazione, da poco prima della musica nuova</translation>
    </message>
    <message>
        <source>Hear the seam</source>
        <translation>Ascolta la giuntura</translation>
    </message>
    <message>
        <source>Hear the seam of the selected loop without playing the loop: what plays goes on, quieter meanwhile. In the list: P; Escape ends it.</source>
        <translation>Ascolta la giuntura del loop selezionato senza suonare il loop: ciò che suona continua, intanto più piano. Nell’elenco: P; Esc la interrompe.</translation>
    </message>
    <message>
        <source>Hear the seam {n} times</source>
        <translation>Ascolta la giuntura {n} volte</translation>
    </message>
    <message>
        <source>Hear these bars, a minute of them at most; what plays is softer meanwhile</source>
        <translation>Ascolta queste battute, al massimo un minuto; intanto ciò che suona è più piano</translation>
    </message>
    <message>
        <source>Hear two soft notes, the first at the left and the second at the right; Escape ends them</source>
        <translation>Ascolta due note leggere, la prima a sinistra e la seconda a destra; Esc le interrompe</translation>
    </message>
    <message>
        <source>Hear ×{n}</source>
        <translation>Senti ×{n}</translation>
    </message>
    <message>
        <source>Hear, cut, name and share what was recorded, and say how jams are recorded</source>
        <translation>Ascolta, taglia, rinomina e condividi ciò che è stato registrato, e scegli come si registrano le jam</translation>
    </message>
    <message>
        <source>Hear:</source>
        <translation>Ascolta:</translation>
    </message>
    <message>
        <source>Hear: {what}</source>
        <translation>Ascolta: {what}</translation>
    </message>
    <message>
        <source>heard</source>
        <translation>ascoltato</translation>
    </message>
    <message>
        <source>heard in it</source>
        <translation>ciò che si sente</translation>
    </message>
    <message>
        <source>Heard: {beats}, {key}. Played as “{style}”.</source>
        <translation>Sentito: {beats}, {key}. Suonato come “{style}”.</translation>
    </message>
    <message>
        <source>Heard: {ports}.</source>
        <translation>Si ascolta: {ports}.</translation>
    </message>
    <message>
        <source>heavy swing</source>
        <translation>swing marcato</translation>
    </message>
    <message>
        <source>held</source>
        <translation>trattenuto</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>Aiuto</translation>
    </message>
    <message>
        <source>Help: {title}</source>
        <translation>Aiuto: {title}</translation>
    </message>
    <message>
        <source>hi-hat</source>
        <translation>charleston</translation>
    </message>
    <message>
        <source>High contrast</source>
        <translation>Contrasto elevato</translation>
    </message>
    <message>
        <source>high energy</source>
        <translation>alta energia</translation>
    </message>
    <message>
        <source>High-pass</source>
        <translation>Passa-alto</translation>
    </message>
    <message>
        <source>Highest noise</source>
        <translation>Rumore massimo</translation>
    </message>
    <message>
        <source>Highest true peak</source>
        <translation>Picco reale più alto</translation>
    </message>
    <message>
        <source>Hold</source>
        <translation>Trattieni</translation>
    </message>
    <message>
        <source>Hold a slot to lay what plays into it, tap it to queue what lies there. A loop of any tempo is stretched to the jam's.</source>
        <translation>Tieni premuto uno slot per metterci ciò che suona, toccalo per mettere in coda ciò che contiene. Un loop di qualsiasi tempo viene adattato a quello della jam.</translation>
    </message>
    <message>
        <source>Hold the files of the chosen model against their checksums</source>
        <translation>Confronta i file del modello scelto con le loro somme di controllo</translation>
    </message>
    <message>
        <source>Hold the peaks</source>
        <translation>Tieni i picchi</translation>
    </message>
    <message>
        <source>Hold the peaks until they are reset</source>
        <translation>Tieni i picchi finché non vengono azzerati</translation>
    </message>
    <message>
        <source>hopeful</source>
        <translation>speranzoso</translation>
    </message>
    <message>
        <source>How &amp;far from it</source>
        <translation>&amp;Quanto lontano</translation>
    </message>
    <message>
        <source>How alike both sides of the seam sound: Classico ranks by this alone. 100 % is the same.</source>
        <translation>Quanto suonano simili i due lati della giuntura: Classico ordina solo per questo. 100 % è uguale.</translation>
    </message>
    <message>
        <source>How alike the sound is on both sides of the seam: timbre and harmony. 1 is the same.</source>
        <translation>Quanto è simile il suono ai due lati della giuntura: timbro e armonia. 1 è uguale.</translation>
    </message>
    <message>
        <source>How boldly the model chooses: below 1 what is likely, above 1 also what is not</source>
        <translation>Con quanta audacia il modello sceglie: sotto 1 ciò che è probabile, sopra 1 anche ciò che non lo è</translation>
    </message>
    <message>
        <source>How closely the model keeps to the prompt: 1 freely, in half the time; 3 is usual</source>
        <translation>Quanto il modello si attiene al prompt: 1 liberamente, in metà tempo; di solito 3</translation>
    </message>
    <message>
        <source>How closely the prompt is followed: 1 is freely, 7 closely; models made for few steps have theirs built in</source>
        <translation>Quanto fedelmente viene seguito il prompt: 1 liberamente, 7 da vicino; i modelli fatti per pochi passi hanno la propria</translation>
    </message>
    <message>
        <source>How far ahead sound is mixed: more is safer, less answers sooner</source>
        <translation>Con quanto anticipo si mixa il suono: di più è più sicuro, di meno risponde prima</translation>
    </message>
    <message>
        <source>How far below the loudest the spectrogram's darkest colour lies</source>
        <translation>Quanto sta sotto il punto più forte il colore più scuro dello spettrogramma</translation>
    </message>
    <message>
        <source>How far each clip moves from the one before: 0 stays with its key, tempo and motif, 1 wanders off</source>
        <translation>Quanto ogni clip si allontana dalla precedente: 0 resta nella sua tonalità, nel tempo e nel motivo, 1 vaga altrove</translation>
    </message>
    <message>
        <source>How far the fragment is</source>
        <translation>A che punto è il frammento</translation>
    </message>
    <message>
        <source>How far the level falls at the seam below both of its sides. Up to {limit} dB nobody hears it.</source>
        <translation>Di quanto il livello cala alla giuntura sotto entrambi i suoi lati. Fino a {limit} dB non si sente.</translation>
    </message>
    <message>
        <source>How far the next clip is</source>
        <translation>A che punto è la prossima clip</translation>
    </message>
    <message>
        <source>How far the next loops go from the mix, and what is set of their generator</source>
        <translation>Quanto i prossimi loop si allontanano dal mix, e che cosa è impostato del loro generatore</translation>
    </message>
    <message>
        <source>How far two tempos may lie apart for the next loop to be brought to the tempo that plays</source>
        <translation>Quanto possono distare due tempi perché il prossimo loop sia portato al tempo che suona</translation>
    </message>
    <message>
        <source>How large all text is, beside what the desktop asks for</source>
        <translation>Quanto è grande tutto il testo, rispetto a quanto chiede il sistema</translation>
    </message>
    <message>
        <source>How large the room of the reverb is</source>
        <translation>Quanto è grande la stanza del riverbero</translation>
    </message>
    <message>
        <source>How likely it is that this is the loop you would choose: of loops scored 90 %, nine in ten are right.</source>
        <translation>Quanto è probabile che questo sia il loop che sceglieresti: dei loop con punteggio 90 %, nove su dieci sono giusti.</translation>
    </message>
    <message>
        <source>How long a loop plays at least before the next one takes over</source>
        <translation>Quanto suona almeno un loop prima che subentri il prossimo</translation>
    </message>
    <message>
        <source>How long a loop plays at most: then, with nothing new in hand, an earlier one comes back</source>
        <translation>Per quanto suona al massimo un loop: poi, se non c'è niente di nuovo, ne torna uno di prima</translation>
    </message>
    <message>
        <source>How long a moment the spectrogram measures at once: short is sharp in time, long is sharp in pitch</source>
        <translation>Quanto dura il momento che lo spettrogramma misura in una volta: breve è nitida nel tempo, lunga è nitida in altezza</translation>
    </message>
    <message>
        <source>How long both loops are heard together, for this transition only</source>
        <translation>Per quanto i due loop si sentono insieme, solo per questa transizione</translation>
    </message>
    <message>
        <source>How long clips take</source>
        <translation>Quanto richiedono le clip</translation>
    </message>
    <message>
        <source>How long it took, before the first clip, until its model was there</source>
        <translation>Quanto è passato, prima della prima clip, finché il suo modello era pronto</translation>
    </message>
    <message>
        <source>How long one loop blends into the next: the overlap above, or whole bars where they are known</source>
        <translation>Per quanto un loop si fonde nel prossimo: la sovrapposizione qui sopra, o battute intere dove si conoscono</translation>
    </message>
    <message>
        <source>How long one sweep takes</source>
        <translation>Quanto dura un’oscillazione</translation>
    </message>
    <message>
        <source>How long one takes to make, usually: the median</source>
        <translation>Quanto richiede di solito farne una: la mediana</translation>
    </message>
    <message>
        <source>How long the clips were, and how many were made in one pass</source>
        <translation>Quanto duravano le clip, e quante sono state fatte in un solo passaggio</translation>
    </message>
    <message>
        <source>How long the crossfade of a swap is, 4 to 40 ms</source>
        <translation>Quanto dura la dissolvenza di uno scambio, da 4 a 40 ms</translation>
    </message>
    <message>
        <source>How long the end of a loop blends into its start, and one loop into the next</source>
        <translation>Per quanto la fine di un loop sfuma nel suo inizio, e un loop nel prossimo</translation>
    </message>
    <message>
        <source>How long the input is gathered: more is safer, less is heard sooner</source>
        <translation>Per quanto si raccoglie l’ingresso: di più è più sicuro, di meno si sente prima</translation>
    </message>
    <message>
        <source>How long the music fades out at the end</source>
        <translation>Per quanto la musica sfuma alla fine</translation>
    </message>
    <message>
        <source>How long the music lasts if nothing more is made; the mark is how long making a loop takes</source>
        <translation>Quanto dura la musica se non se ne fa altra; il segno è il tempo che serve per fare un loop</translation>
    </message>
    <message>
        <source>How long the music lasts, to the sample, its fade included: minutes:seconds</source>
        <translation>Quanto dura la musica, al campione, dissolvenza compresa: minuti:secondi</translation>
    </message>
    <message>
        <source>How long the music takes to fade out when the sleep timer ends, at most a third of its time</source>
        <translation>In quanto tempo la musica sfuma quando finisce il timer di spegnimento, al più un terzo della sua durata</translation>
    </message>
    <message>
        <source>How long what is made from now on is</source>
        <translation>Quanto è lungo ciò che si crea d’ora in poi</translation>
    </message>
    <message>
        <source>How loud each pitch is around the crossfade, in sixths of an octave: of what goes out, of what comes in, and of the loop as it is heard.</source>
        <translation>Quanto è forte ogni altezza attorno alla dissolvenza, in sesti d’ottava: di ciò che esce, di ciò che entra e del loop come si sente.</translation>
    </message>
    <message>
        <source>How loud each pitch is over time: low notes below, bright is loud. The cursor reads time, bar and beat, frequency, note and level, and marks the strongest partials.
Drag to move, turn the wheel to zoom, with Ctrl in pitch; double click or press 0 or A to see all.
Keyboard: Left and Right move the cursor, with Shift by a beat; Shift+Up and Shift+Down by a semitone; P goes to the next partial, Escape takes the cursor away; Up and Down zoom, with Ctrl in pitch.</source>
        <translation>Quanto è forte ogni altezza nel tempo: le note gravi in basso, chiaro è forte. Il cursore legge tempo, battuta e movimento, frequenza, nota e livello, e segna le parziali più forti.
Trascina per spostarti, gira la rotella per ingrandire, con Ctrl in altezza; doppio clic, 0 o A per vedere tutto.
Tastiera: Sinistra e Destra muovono il cursore, con Maiusc di un movimento; Maiusc+Su e Maiusc+Giù di un semitono; P va alla parziale successiva, Esc toglie il cursore; Su e Giù ingrandiscono e riducono, con Ctrl in altezza.</translation>
    </message>
    <message>
        <source>How loud every loop is made, whatever it was: −16 suits music at home, −23 is broadcast's</source>
        <translation>Quanto forte è reso ogni loop, comunque fosse: −16 va bene per la musica in casa, −23 è quello della radio</translation>
    </message>
    <message>
        <source>How loud it is; at the left it is silent</source>
        <translation>Quanto è forte; a sinistra tace</translation>
    </message>
    <message>
        <source>How loud the band is against you</source>
        <translation>Quanto è forte la band rispetto a te</translation>
    </message>
    <message>
        <source>How loud the new parts are against the recording</source>
        <translation>Quanto sono forti le parti nuove rispetto alla registrazione</translation>
    </message>
    <message>
        <source>How loud the studio plays; at the bottom it is mute, a double click plays at full level</source>
        <translation>Quanto suona forte lo studio; in fondo è muto, un doppio clic suona a pieno livello</translation>
    </message>
    <message>
        <source>How many bars each clip has; they then decide how long it lasts</source>
        <translation>Quante battute ha ogni clip; decidono allora quanto dura</translation>
    </message>
    <message>
        <source>How many bars each clip is to have: the model is told in words, and may not keep to them</source>
        <translation>Quante battute deve avere ogni clip: al modello si dice a parole, e può non tenerne conto</translation>
    </message>
    <message>
        <source>How many bars each loop has</source>
        <translation>Quante battute ha ogni loop</translation>
    </message>
    <message>
        <source>How many clips are made at once of the same words, to be heard, kept or dropped one by one</source>
        <translation>Quante clip si fanno insieme con le stesse parole, da sentire, tenere o scartare una a una</translation>
    </message>
    <message>
        <source>How many files there are in the circle</source>
        <translation>Quanti file ci sono nel cerchio</translation>
    </message>
    <message>
        <source>How many of the steps go to the large shape of the music rather than to its detail</source>
        <translation>Quanti passi vanno alla forma generale della musica invece che ai dettagli</translation>
    </message>
    <message>
        <source>How many seconds are added</source>
        <translation>Quanti secondi si aggiungono</translation>
    </message>
    <message>
        <source>How much is sent into the delay, whose echoes ring on through mutes and swaps</source>
        <translation>Quanto va nel delay, i cui echi proseguono anche se lo strato è muto o si scambia</translation>
    </message>
    <message>
        <source>How much it counts, among loops, that the beat goes on across the seam</source>
        <translation>Quanto conta, fra i loop, che il ritmo prosegua oltre la giuntura</translation>
    </message>
    <message>
        <source>How much it counts, among loops, that the sound is alike on both sides of the seam</source>
        <translation>Quanto conta, fra i loop, che il suono sia simile ai due lati della giuntura</translation>
    </message>
    <message>
        <source>How much it counts, among loops, that the strongest partials meet in phase at the seam</source>
        <translation>Quanto conta, fra i loop, che le parziali più forti si incontrino in fase alla giuntura</translation>
    </message>
    <message>
        <source>How much it counts, among loops, that the wave itself runs smoothly across the seam</source>
        <translation>Quanto conta, fra i loop, che l'onda stessa prosegua liscia oltre la giuntura</translation>
    </message>
    <message>
        <source>How much likelihood the sounds among which the model chooses have together; 1 is all of it</source>
        <translation>Quanta probabilità hanno insieme i suoni tra cui il modello sceglie; 1 è tutta</translation>
    </message>
    <message>
        <source>How much louder the input is taken in</source>
        <translation>Di quanto più forte si prende l’ingresso</translation>
    </message>
    <message>
        <source>How much of a room is heard</source>
        <translation>Quanta stanza si sente</translation>
    </message>
    <message>
        <source>How much of each echo of the delay comes again</source>
        <translation>Quanto di ogni eco del delay ritorna</translation>
    </message>
    <message>
        <source>How much of the disk the takes may hold together: beyond it the oldest ones are removed for good</source>
        <translation>Quanto disco possono occupare insieme le riprese: oltre, le più vecchie vengono eliminate per sempre</translation>
    </message>
    <message>
        <source>How much of the video is made</source>
        <translation>Quanto del video è pronto</translation>
    </message>
    <message>
        <source>How much the corner of the low-pass rings</source>
        <translation>Quanto risuona la frequenza di taglio del passa-basso</translation>
    </message>
    <message>
        <source>How noise becomes music from step to step</source>
        <translation>Come il rumore diventa musica, passo dopo passo</translation>
    </message>
    <message>
        <source>How often the loop turns before the end</source>
        <translation>Quanti giri fa il loop prima della fine</translation>
    </message>
    <message>
        <source>How old a take may become before it is removed for good</source>
        <translation>Quanto può invecchiare una ripresa prima di essere eliminata per sempre</translation>
    </message>
    <message>
        <source>How smoothly the wave itself runs across the seam: no step, no click. 1 is unbroken.</source>
        <translation>Quanto scorre liscia l’onda attraverso la giuntura: nessun gradino, nessuno scatto. 1 è ininterrotta.</translation>
    </message>
    <message>
        <source>How well each loop of the clip would hold is drawn here.</source>
        <translation>Qui viene mostrato quanto terrebbe ogni loop della clip.</translation>
    </message>
    <message>
        <source>How well the loop closes is shown here.</source>
        <translation>Qui si mostra quanto bene si chiude il loop.</translation>
    </message>
    <message>
        <source>How well the loop's length and edges keep to the beat. 1 is exactly on the grid.</source>
        <translation>Quanto lunghezza e bordi del loop stanno sul ritmo. 1 è esattamente sulla griglia.</translation>
    </message>
    <message>
        <source>How well the phases of the strongest partials meet at the seam. 1 is in step.</source>
        <translation>Quanto le fasi delle parziali più forti si incontrano alla giuntura. 1 è in passo.</translation>
    </message>
    <message>
        <source>How wide the sweep of the wah is</source>
        <translation>Quanto è ampia l’oscillazione del wah</translation>
    </message>
    <message>
        <source>hypnotic</source>
        <translation>ipnotico</translation>
    </message>
    <message>
        <source>If you hear drop-outs, raise the latency.</source>
        <translation>Se senti interruzioni, alza la latenza.</translation>
    </message>
    <message>
        <source>In</source>
        <translation>In</translation>
    </message>
    <message>
        <source>in</source>
        <translation>entra</translation>
    </message>
    <message>
        <source>In how many steps the music is painted out of noise: more take longer and are not always better</source>
        <translation>In quanti passi la musica viene dipinta dal rumore: di più richiede più tempo e non è sempre meglio</translation>
    </message>
    <message>
        <source>In step</source>
        <translation>A tempo</translation>
    </message>
    <message>
        <source>In step with {n}: {bpm} bpm.</source>
        <translation>A tempo con {n}: {bpm} bpm.</translation>
    </message>
    <message>
        <source>In which numbers the model computes: “auto” takes 16 bits where the machine is faster with them, else 32</source>
        <translation>In quali numeri calcola il modello: “auto” prende 16 bit dove la macchina è così più veloce, altrimenti 32</translation>
    </message>
    <message>
        <source>in {seconds} s</source>
        <translation>fra {seconds} s</translation>
    </message>
    <message>
        <source>Inferno</source>
        <translation>Inferno</translation>
    </message>
    <message>
        <source>infinifi</source>
        <translation>infinifi</translation>
    </message>
    <message>
        <source>infiniloop</source>
        <translation>infiniloop</translation>
    </message>
    <message>
        <source>Infiniloop Studio</source>
        <translation>Infiniloop Studio</translation>
    </message>
    <message>
        <source>Infiniloop Studio: visualiser</source>
        <translation>Infiniloop Studio: visualizzatore</translation>
    </message>
    <message>
        <source>INPUT</source>
        <translation>INGRESSO</translation>
    </message>
    <message>
        <source>Input &amp;device:</source>
        <translation>&amp;Dispositivo d’ingresso:</translation>
    </message>
    <message>
        <source>Input latency</source>
        <translation>Latenza d’ingresso</translation>
    </message>
    <message>
        <source>Input level</source>
        <translation>Livello d’ingresso</translation>
    </message>
    <message>
        <source>Input/output error</source>
        <translation>il disco non risponde</translation>
    </message>
    <message>
        <source>Inspect</source>
        <translation>Analisi</translation>
    </message>
    <message>
        <source>Install the packages into the studio’s own environment</source>
        <translation>Installa i pacchetti nell’ambiente dello studio</translation>
    </message>
    <message>
        <source>installed</source>
        <translation>installato</translation>
    </message>
    <message>
        <source>installing</source>
        <translation>installazione</translation>
    </message>
    <message>
        <source>instead of an audio file it left a folder</source>
        <translation>al posto di un file audio ha lasciato una cartella</translation>
    </message>
    <message>
        <source>instead of an audio file it left a link</source>
        <translation>al posto di un file audio ha lasciato un collegamento</translation>
    </message>
    <message>
        <source>instead of an audio file it left a pipe, a socket or a device</source>
        <translation>al posto di un file audio ha lasciato una pipe, un socket o un dispositivo</translation>
    </message>
    <message>
        <source>Instruments</source>
        <translation>Strumenti</translation>
    </message>
    <message>
        <source>instruments</source>
        <translation>strumenti</translation>
    </message>
    <message>
        <source>intimate</source>
        <translation>intimo</translation>
    </message>
    <message>
        <source>Intro and loop as OGG with LOOPSTART and LOOPLENGTH, and as WAV of 16 bits with a smpl chunk.</source>
        <translation>Introduzione e loop come OGG con LOOPSTART e LOOPLENGTH, e come WAV a 16 bit con un blocco smpl.</translation>
    </message>
    <message>
        <source>Intro, loop and outro</source>
        <translation>Introduzione, loop e coda</translation>
    </message>
    <message>
        <source>it answers something else</source>
        <translation>risponde altro</translation>
    </message>
    <message>
        <source>it bumps</source>
        <translation>si sente un colpo</translation>
    </message>
    <message>
        <source>It can be made again as a whole, or a loop of it: Enter shows the recipe of a loop</source>
        <translation>Si può rifare tutto, o un suo loop: Invio mostra la ricetta di un loop</translation>
    </message>
    <message>
        <source>it cannot be made again from its recipe</source>
        <translation>non si può rifare dalla sua ricetta</translation>
    </message>
    <message>
        <source>it cannot be read</source>
        <translation>non si può leggere</translation>
    </message>
    <message>
        <source>it cannot be written</source>
        <translation>non vi si può scrivere</translation>
    </message>
    <message>
        <source>it clicks</source>
        <translation>si sente un clic</translation>
    </message>
    <message>
        <source>it dips</source>
        <translation>il livello cala</translation>
    </message>
    <message>
        <source>it does not answer</source>
        <translation>non risponde</translation>
    </message>
    <message>
        <source>it does not begin with “/” or “~”</source>
        <translation>non comincia con “/” o “~”</translation>
    </message>
    <message>
        <source>it falls out of its beat</source>
        <translation>esce dal tempo</translation>
    </message>
    <message>
        <source>it gave the clip up</source>
        <translation>ha rinunciato alla clip</translation>
    </message>
    <message>
        <source>it has too many sounds for a folder of drums</source>
        <translation>ha troppi suoni per una cartella di batteria</translation>
    </message>
    <message>
        <source>it holds more than one word of letters, digits and signs</source>
        <translation>contiene più di una parola di lettere, cifre e segni</translation>
    </message>
    <message>
        <source>it holds no settings</source>
        <translation>non contiene impostazioni</translation>
    </message>
    <message>
        <source>it holds what no path can hold</source>
        <translation>contiene ciò che nessun percorso può contenere</translation>
    </message>
    <message>
        <source>it is a file, not a folder</source>
        <translation>è un file, non una cartella</translation>
    </message>
    <message>
        <source>it is a folder</source>
        <translation>è una cartella</translation>
    </message>
    <message>
        <source>it is a part of another mix: its loops can be made again, one by one</source>
        <translation>è una parte di un altro mix: i suoi loop si possono rifare, uno a uno</translation>
    </message>
    <message>
        <source>it is gone or no longer takes sound</source>
        <translation>non c’è più o non accetta più suono</translation>
    </message>
    <message>
        <source>It is installed</source>
        <translation>È installato</translation>
    </message>
    <message>
        <source>it is no SoundFont, or it is damaged</source>
        <translation>non è un SoundFont, o è danneggiato</translation>
    </message>
    <message>
        <source>it is not a regular file</source>
        <translation>non è un file ordinario</translation>
    </message>
    <message>
        <source>It is not known how this loop was made</source>
        <translation>Non si sa come è stato fatto questo loop</translation>
    </message>
    <message>
        <source>it is shorter than 16 characters</source>
        <translation>ha meno di 16 caratteri</translation>
    </message>
    <message>
        <source>it is shorter than the loop of its recipe</source>
        <translation>è più corto del loop della sua ricetta</translation>
    </message>
    <message>
        <source>it is silent</source>
        <translation>è muto</translation>
    </message>
    <message>
        <source>it is the system's own Python</source>
        <translation>è il Python del sistema</translation>
    </message>
    <message>
        <source>it is too long</source>
        <translation>è troppo lungo</translation>
    </message>
    <message>
        <source>It listens while you play, and plays with you once it is sure of the beat</source>
        <translation>Ascolta mentre suoni, e suona con te appena è sicura del tempo</translation>
    </message>
    <message>
        <source>It listens, and has the music made</source>
        <translation>Ascolta, e fa fare la musica</translation>
    </message>
    <message>
        <source>It needs more memory than this machine has.</source>
        <translation>Chiede più memoria di quanta ne ha questa macchina.</translation>
    </message>
    <message>
        <source>It was called off.</source>
        <translation>È stato annullato.</translation>
    </message>
    <message>
        <source>it was recorded as it was played: its loops can be made again, not what was done meanwhile</source>
        <translation>è stato registrato mentre suonava: si possono rifare i suoi loop, non ciò che si è fatto intanto</translation>
    </message>
    <message>
        <source>it wrote more than 256 MB of messages and was stopped</source>
        <translation>ha scritto più di 256 MB di messaggi ed è stato fermato</translation>
    </message>
    <message>
        <source>Italiano</source>
        <translation>Italiano</translation>
    </message>
    <message>
        <source>its audio file cannot be read (it is no WAV file)</source>
        <translation>il suo file audio non si può leggere (non è un file WAV)</translation>
    </message>
    <message>
        <source>its audio file is cut short</source>
        <translation>il suo file audio è troncato</translation>
    </message>
    <message>
        <source>its audio file is empty</source>
        <translation>il suo file audio è vuoto</translation>
    </message>
    <message>
        <source>its generator</source>
        <translation>il suo generatore</translation>
    </message>
    <message>
        <source>its generator gave no parts</source>
        <translation>il suo generatore non ha dato le parti</translation>
    </message>
    <message>
        <source>its generator is not on this machine, or takes other values by now</source>
        <translation>il suo generatore non è su questa macchina, o ormai accetta altri valori</translation>
    </message>
    <message>
        <source>its generator stopped</source>
        <translation>il suo generatore si è fermato</translation>
    </message>
    <message>
        <source>its level dips</source>
        <translation>il livello cala</translation>
    </message>
    <message>
        <source>its loop tags are wrong</source>
        <translation>i suoi tag di loop sono sbagliati</translation>
    </message>
    <message>
        <source>its own port alone</source>
        <translation>solo la sua porta</translation>
    </message>
    <message>
        <source>its own prompt: {prompt}</source>
        <translation>prompt suo: {prompt}</translation>
    </message>
    <message>
        <source>its parts do not sum to it</source>
        <translation>la somma delle sue parti è un’altra</translation>
    </message>
    <message>
        <source>Its picture is being drawn.</source>
        <translation>Il suo disegno sta arrivando.</translation>
    </message>
    <message>
        <source>its prompt</source>
        <translation>il suo prompt</translation>
    </message>
    <message>
        <source>its seam can be heard</source>
        <translation>la giuntura si sente</translation>
    </message>
    <message>
        <source>Its seam is heard.</source>
        <translation>Si ascolta la sua giuntura.</translation>
    </message>
    <message>
        <source>Its seam needs a crossfade of {seconds:.1f} s.</source>
        <translation>La sua giuntura richiede una dissolvenza di {seconds:.1f} s.</translation>
    </message>
    <message>
        <source>its seed</source>
        <translation>il suo seed</translation>
    </message>
    <message>
        <source>its wave jumps</source>
        <translation>l’onda salta</translation>
    </message>
    <message>
        <source>Jam</source>
        <translation>Jam</translation>
    </message>
    <message>
        <source>jam</source>
        <translation>jam</translation>
    </message>
    <message>
        <source>jazz kit</source>
        <translation>batteria jazz</translation>
    </message>
    <message>
        <source>jerry4loops</source>
        <translation>jerry4loops</translation>
    </message>
    <message>
        <source>Joined</source>
        <translation>Insieme</translation>
    </message>
    <message>
        <source>Joined at {at} s{step}.</source>
        <translation>Unito a {at} s{step}.</translation>
    </message>
    <message>
        <source>Judge a loop by how alike the spectrum is at its two ends</source>
        <translation>Giudica un loop da quanto è simile lo spettro alle sue due estremità</translation>
    </message>
    <message>
        <source>Judge a loop by spectrum, waveform, beat and phase together</source>
        <translation>Giudica un loop da spettro, forma d’onda, ritmo e fase insieme</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Tieni</translation>
    </message>
    <message>
        <source>keep</source>
        <translation>tenerla</translation>
    </message>
    <message>
        <source>Keep every sound that you drop or open in the library; without this one is kept when you make it a favourite</source>
        <translation>Conserva nella raccolta ogni suono che trascini o apri; altrimenti lo si conserva segnandolo come preferito</translation>
    </message>
    <message>
        <source>Keep it as a favourite</source>
        <translation>Tenerlo fra i preferiti</translation>
    </message>
    <message>
        <source>Keep loops in slots</source>
        <translation>Tieni i loop negli slot</translation>
    </message>
    <message>
        <source>Keep on the graphics card only the part of the model that computes: slower, for large models on small cards</source>
        <translation>Tieni sulla scheda grafica solo la parte del modello che calcola: più lento, per modelli grandi su schede piccole</translation>
    </message>
    <message>
        <source>Keep the jam in a folder; this one is here again at the next start by itself</source>
        <translation>Conserva la jam in una cartella; questa ritorna da sé al prossimo avvio</translation>
    </message>
    <message>
        <source>Keep these settings</source>
        <translation>Tiene queste impostazioni</translation>
    </message>
    <message>
        <source>Keep this window above all others, where the desktop allows it</source>
        <translation>Tieni questa finestra sopra tutte le altre, dove il desktop lo permette</translation>
    </message>
    <message>
        <source>Keep up</source>
        <translation>Tieni il passo</translation>
    </message>
    <message>
        <source>Keep what I just heard</source>
        <translation>Tieni quello che ho appena sentito</translation>
    </message>
    <message>
        <source>Keep what is dropped</source>
        <translation>Conserva ciò che trascini</translation>
    </message>
    <message>
        <source>Keep what was made in a file</source>
        <translation>Conserva in un file ciò che è stato fatto</translation>
    </message>
    <message>
        <source>Kept the last {minutes:.1f} min in {path}</source>
        <translation>Tenuti gli ultimi {minutes:.1f} min in {path}</translation>
    </message>
    <message>
        <source>kept to {clip} of</source>
        <translation>tenuta a {clip} di</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>Tonalità</translation>
    </message>
    <message>
        <source>key</source>
        <translation>tonalità</translation>
    </message>
    <message>
        <source>key asked for</source>
        <translation>tonalità richiesta</translation>
    </message>
    <message>
        <source>Key of the jam</source>
        <translation>Tonalità della jam</translation>
    </message>
    <message>
        <source>kick</source>
        <translation>cassa</translation>
    </message>
    <message>
        <source>Kink of the wave at the seam</source>
        <translation>Cambio di pendenza dell’onda alla giuntura</translation>
    </message>
    <message>
        <source>kit</source>
        <translation>batteria senza percussioni</translation>
    </message>
    <message>
        <source>Know again what was forgotten, beside what was made since</source>
        <translation>Riporta ciò che fu dimenticato, accanto a ciò che si è fatto dopo</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Lingua</translation>
    </message>
    <message>
        <source>Language of the lyrics</source>
        <translation>Lingua del testo</translation>
    </message>
    <message>
        <source>Last</source>
        <translation>Ultima</translation>
    </message>
    <message>
        <source>Last bar</source>
        <translation>Ultima battuta</translation>
    </message>
    <message>
        <source>Latency</source>
        <translation>Latenza</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>Strato</translation>
    </message>
    <message>
        <source>layer</source>
        <translation>strato</translation>
    </message>
    <message>
        <source>Layers that are shown</source>
        <translation>Strati mostrati</translation>
    </message>
    <message>
        <source>lead</source>
        <translation>melodia</translation>
    </message>
    <message>
        <source>Lead</source>
        <translation>Melodia</translation>
    </message>
    <message>
        <source>Lead the output into the input, or put the microphone near: noise is played five times</source>
        <translation>Porta l’uscita nell’ingresso, o avvicina il microfono: si suona del rumore cinque volte</translation>
    </message>
    <message>
        <source>Learn</source>
        <translation>Impara</translation>
    </message>
    <message>
        <source>Leave everything as it is</source>
        <translation>Lascia tutto com'è</translation>
    </message>
    <message>
        <source>Leave this loop now and never play its take again</source>
        <translation>Lascia subito questo loop e non suona mai più la sua ripresa</translation>
    </message>
    <message>
        <source>Left</source>
        <translation>Sinistro</translation>
    </message>
    <message>
        <source>Left out: {text}</source>
        <translation>Tralasciato: {text}</translation>
    </message>
    <message>
        <source>Length</source>
        <translation>Durata</translation>
    </message>
    <message>
        <source>length</source>
        <translation>durata</translation>
    </message>
    <message>
        <source>Length of a transition</source>
        <translation>Durata del passaggio</translation>
    </message>
    <message>
        <source>Length of the crossfade</source>
        <translation>Lunghezza della dissolvenza</translation>
    </message>
    <message>
        <source>Length says how long one loop blends into the next, and its end into its own start. Below stand where the next one comes in, and whether beats and basses are matched.</source>
        <translation>Lunghezza dice per quanto un loop sfuma nel prossimo, e la sua fine nel suo inizio. Sotto sta dove entra il prossimo, e se beat e bassi vengono accordati.</translation>
    </message>
    <message>
        <source>length, s</source>
        <translation>durata, s</translation>
    </message>
    <message>
        <source>less {names}</source>
        <translation>meno {names}</translation>
    </message>
    <message>
        <source>Let everybody listen who reaches this machine, without the secret part of the address</source>
        <translation>Lascia ascoltare chiunque raggiunga questa macchina, senza la parte segreta dell’indirizzo</translation>
    </message>
    <message>
        <source>Let other machines of the network listen, by an address that only who is told it knows</source>
        <translation>Lascia ascoltare altre macchine della rete, con un indirizzo che conosce solo chi lo riceve</translation>
    </message>
    <message>
        <source>Let other machines of the network open the page, by an address that only who is told it knows</source>
        <translation>Lascia che altre macchine della rete aprano la pagina, con un indirizzo che conosce solo chi lo riceve</translation>
    </message>
    <message>
        <source>Let the music stand still</source>
        <translation>Mette la musica in pausa</translation>
    </message>
    <message>
        <source>Lets this part of the bar be heard while the gate is held</source>
        <translation>Lascia sentire questa parte della battuta mentre si tiene il gate</translation>
    </message>
    <message>
        <source>Level</source>
        <translation>Livello</translation>
    </message>
    <message>
        <source>Level of the left (above) and right channel in dBFS: solid is the mean (RMS), faint the peak, the mark the highest peak of late.
Near 0 the mark turns amber: full scale is reached.</source>
        <translation>Livello del canale sinistro (sopra) e destro in dBFS: pieno è la media (RMS), tenue il picco, il segno il picco più alto di recente.
Vicino a 0 il segno diventa ambra: si è al fondo scala.</translation>
    </message>
    <message>
        <source>Level, filter and room of each layer, mute and solo are in your hands as it plays. Record writes all of it into a file, in whole bars.</source>
        <translation>Livello, filtro e riverbero di ogni strato, muto e solo sono nelle tue mani mentre suona. Registra scrive tutto in un file, a battute intere.</translation>
    </message>
    <message>
        <source>Library</source>
        <translation>Raccolta</translation>
    </message>
    <message>
        <source>library</source>
        <translation>della libreria</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>Licenza</translation>
    </message>
    <message>
        <source>licence of the model</source>
        <translation>licenza del modello</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Chiaro</translation>
    </message>
    <message>
        <source>light</source>
        <translation>leggero</translation>
    </message>
    <message>
        <source>light swing</source>
        <translation>swing leggero</translation>
    </message>
    <message>
        <source>Likeliest share</source>
        <translation>Quota più probabile</translation>
    </message>
    <message>
        <source>Likeliest sounds</source>
        <translation>Suoni più probabili</translation>
    </message>
    <message>
        <source>likeness not known yet</source>
        <translation>affinità non ancora nota</translation>
    </message>
    <message>
        <source>likeness {likeness}</source>
        <translation>affinità {likeness}</translation>
    </message>
    <message>
        <source>likeness {likeness} → {law}</source>
        <translation>affinità {likeness} → {law}</translation>
    </message>
    <message>
        <source>Lime</source>
        <translation>Lime</translation>
    </message>
    <message>
        <source>limited</source>
        <translation>limitato</translation>
    </message>
    <message>
        <source>Line {line} of the script is not understood: “{text}”. It reads “BAR VERB …”; verbs: {help}.</source>
        <translation>La riga {line} del copione non si capisce: “{text}”. Si scrive “BATTUTA VERBO …”; i verbi: {help}.</translation>
    </message>
    <message>
        <source>Line {line} of the script is not understood: “{text}”. It reads “BAR {form}”.</source>
        <translation>La riga {line} del copione non si capisce: “{text}”. Si scrive “BATTUTA {form}”.</translation>
    </message>
    <message>
        <source>Line {line} of the script: nothing lies in slot {number} at bar {bar}, so nothing comes.</source>
        <translation>Riga {line} del copione: alla battuta {bar} lo slot {number} è vuoto, perciò non arriva nulla.</translation>
    </message>
    <message>
        <source>Line {line} of the script: {detail}</source>
        <translation>Riga {line} del copione: {detail}</translation>
    </message>
    <message>
        <source>Lines of the recipe</source>
        <translation>Righe della ricetta</translation>
    </message>
    <message>
        <source>List all panels and keys</source>
        <translation>Elenca tutti i pannelli e i tasti</translation>
    </message>
    <message>
        <source>Listen</source>
        <translation>Ascolto</translation>
    </message>
    <message>
        <source>Listen to the recording, and play along</source>
        <translation>Ascolta la registrazione, e suona insieme</translation>
    </message>
    <message>
        <source>Listeners ask for music</source>
        <translation>Chi ascolta chiede musica</translation>
    </message>
    <message>
        <source>Listeners say “more” or “less” to what plays: a station’s moods come more often, or less</source>
        <translation>Chi ascolta dice «più» o «meno» a ciò che suona: le atmosfere di una stazione vengono più spesso, o meno</translation>
    </message>
    <message>
        <source>Listeners vote</source>
        <translation>Chi ascolta vota</translation>
    </message>
    <message>
        <source>Listeners write what they want to hear: each request has its five minutes, one after another</source>
        <translation>Chi ascolta scrive che cosa vuole sentire: ogni richiesta ha i suoi cinque minuti, una dopo l’altra</translation>
    </message>
    <message>
        <source>listening to all of it</source>
        <translation>ascolto per intero</translation>
    </message>
    <message>
        <source>Listening, and playing along…</source>
        <translation>Ascolta, e suona insieme…</translation>
    </message>
    <message>
        <source>Listening: play some bars.</source>
        <translation>In ascolto: suona qualche battuta.</translation>
    </message>
    <message>
        <source>Listening: {bpm} bpm, {metre}/4, {chord}, then {next}.</source>
        <translation>In ascolto: {bpm} bpm, {metre}/4, {chord}, poi {next}.</translation>
    </message>
    <message>
        <source>Live</source>
        <translation>Dal vivo</translation>
    </message>
    <message>
        <source>Loading</source>
        <translation>Caricamento</translation>
    </message>
    <message>
        <source>loading</source>
        <translation>caricamento</translation>
    </message>
    <message>
        <source>locrian</source>
        <translation>locrio</translation>
    </message>
    <message>
        <source>Long: sharp in pitch</source>
        <translation>Lunga: nitida in altezza</translation>
    </message>
    <message>
        <source>longest loop, s</source>
        <translation>loop più lungo, s</translation>
    </message>
    <message>
        <source>Look for inputs again</source>
        <translation>Cerca di nuovo gli ingressi</translation>
    </message>
    <message>
        <source>Look for loops of any length again, from {seconds:g} s on</source>
        <translation>Cerca di nuovo loop di ogni durata, da {seconds:g} s in su</translation>
    </message>
    <message>
        <source>Look for sound devices again</source>
        <translation>Cerca di nuovo i dispositivi audio</translation>
    </message>
    <message>
        <source>Looked for by itself</source>
        <translation>Cercato automaticamente</translation>
    </message>
    <message>
        <source>looking for packages</source>
        <translation>cerco i pacchetti</translation>
    </message>
    <message>
        <source>Loop</source>
        <translation>Loop</translation>
    </message>
    <message>
        <source>loop</source>
        <translation>loop</translation>
    </message>
    <message>
        <source>Loop candidates, best first</source>
        <translation>Candidati al loop, dal migliore</translation>
    </message>
    <message>
        <source>loop end</source>
        <translation>alla fine del loop</translation>
    </message>
    <message>
        <source>Loop found in “{title}”: 1 bar, score {score} %</source>
        <translation>Loop trovato in “{title}”: 1 battuta, punteggio {score} %</translation>
    </message>
    <message>
        <source>Loop found in “{title}”: score {score} %</source>
        <translation>Loop trovato in “{title}”: punteggio {score} %</translation>
    </message>
    <message>
        <source>Loop found in “{title}”: {bars} bars, score {score} %</source>
        <translation>Loop trovato in “{title}”: {bars} battute, punteggio {score} %</translation>
    </message>
    <message>
        <source>loop from, sample</source>
        <translation>loop dal campione</translation>
    </message>
    <message>
        <source>loop tags right</source>
        <translation>tag di loop giusti</translation>
    </message>
    <message>
        <source>Loop that repeats</source>
        <translation>Loop che si ripete</translation>
    </message>
    <message>
        <source>loop to, sample</source>
        <translation>loop al campione</translation>
    </message>
    <message>
        <source>Loop {n} of the mix is most like it</source>
        <translation>Il loop {n} del mix è quello che più gli somiglia</translation>
    </message>
    <message>
        <source>loop {start:.3f} – {end:.3f} s · {length:.3f} s</source>
        <translation>loop {start:.3f} – {end:.3f} s · {length:.3f} s</translation>
    </message>
    <message>
        <source>LOOPER</source>
        <translation>LOOPER</translation>
    </message>
    <message>
        <source>Loops</source>
        <translation>Loop</translation>
    </message>
    <message>
        <source>loops</source>
        <translation>loop</translation>
    </message>
    <message>
        <source>loops as a whole</source>
        <translation>si ripete per intero</translation>
    </message>
    <message>
        <source>Loops last whole bars at the tempo of the set: name it by --bpm.</source>
        <translation>I loop durano battute intere al tempo del set: indicalo con --bpm.</translation>
    </message>
    <message>
        <source>loops that are not listed</source>
        <translation>loop non elencati</translation>
    </message>
    <message>
        <source>Loops that are ready</source>
        <translation>Loop pronti</translation>
    </message>
    <message>
        <source>Loops that are ready, in the order in which they come: Enter or a double click has one heard at the next bar, K keeps it as a favourite, Del drops it</source>
        <translation>Loop pronti, nell’ordine in cui arrivano: Invio o un doppio clic ne fa sentire uno alla prossima battuta, K lo tiene fra i preferiti, Canc lo scarta</translation>
    </message>
    <message>
        <source>loud</source>
        <translation>forte</translation>
    </message>
    <message>
        <source>loudest band {band}</source>
        <translation>banda più forte {band}</translation>
    </message>
    <message>
        <source>Loudness</source>
        <translation>Volume percepito</translation>
    </message>
    <message>
        <source>loudness, LUFS</source>
        <translation>volume percepito, LUFS</translation>
    </message>
    <message>
        <source>low energy</source>
        <translation>bassa energia</translation>
    </message>
    <message>
        <source>Low-pass</source>
        <translation>Passa-basso</translation>
    </message>
    <message>
        <source>Lowest noise</source>
        <translation>Rumore minimo</translation>
    </message>
    <message>
        <source>LU</source>
        <translation>LU</translation>
    </message>
    <message>
        <source>LUFS</source>
        <translation>LUFS</translation>
    </message>
    <message>
        <source>lydian</source>
        <translation>lidio</translation>
    </message>
    <message>
        <source>Lyrics</source>
        <translation>Testo</translation>
    </message>
    <message>
        <source>M&amp;inimum play</source>
        <translation>M&amp;inimo ascolto</translation>
    </message>
    <message>
        <source>made again it sounds different, as its generator, a style, a SoundFont or a drum has changed</source>
        <translation>rifatto suona diverso, perché è cambiato il suo generatore, uno stile, un SoundFont o un tamburo</translation>
    </message>
    <message>
        <source>made from</source>
        <translation>fatto da</translation>
    </message>
    <message>
        <source>made on</source>
        <translation>fatta il</translation>
    </message>
    <message>
        <source>Made with a model whose licence is {licence}</source>
        <translation>Fatto con un modello la cui licenza è {licence}</translation>
    </message>
    <message>
        <source>MagentaRT</source>
        <translation>MagentaRT</translation>
    </message>
    <message>
        <source>magentart</source>
        <translation>magentart</translation>
    </message>
    <message>
        <source>Magma</source>
        <translation>Magma</translation>
    </message>
    <message>
        <source>major</source>
        <translation>maggiore</translation>
    </message>
    <message>
        <source>Make</source>
        <translation>Crea</translation>
    </message>
    <message>
        <source>Make a fragment</source>
        <translation>Crea un frammento</translation>
    </message>
    <message>
        <source>Make a loop by the prompt (M)</source>
        <translation>Crea un loop dal prompt (M)</translation>
    </message>
    <message>
        <source>Make a video of the recording</source>
        <translation>Crea un video della registrazione</translation>
    </message>
    <message>
        <source>Make a video of the recording, to share: its waveform moves past</source>
        <translation>Crea un video della registrazione, da condividere: la sua forma d'onda scorre</translation>
    </message>
    <message>
        <source>Make another</source>
        <translation>Farne un’altra</translation>
    </message>
    <message>
        <source>Make another clip by the same recipe, from a new seed</source>
        <translation>Fai un’altra clip con la stessa ricetta, da un nuovo seed</translation>
    </message>
    <message>
        <source>Make another clip, once, for one that loops worse than usual, while the music in hand lasts</source>
        <translation>Fai un’altra clip, una volta, al posto di una che torna in loop peggio del solito, finché la musica pronta basta</translation>
    </message>
    <message>
        <source>Make clips no longer than can be made while a loop plays, by the statistics of this machine; where even the shortest takes too long, the composer makes one in between. Without this they are as long as Duration says</source>
        <translation>Fa clip non più lunghe di quanto si riesce a fare mentre suona un loop, secondo le statistiche di questa macchina; se anche la più breve chiede troppo tempo, il compositore ne fa una nel mezzo. Senza questo durano quanto dice Durata</translation>
    </message>
    <message>
        <source>Make it</source>
        <translation>Fallo</translation>
    </message>
    <message>
        <source>Make it &amp;again</source>
        <translation>Falla di &amp;nuovo</translation>
    </message>
    <message>
        <source>Make it again with this seed</source>
        <translation>Rifarla con questo seed</translation>
    </message>
    <message>
        <source>Make it no further</source>
        <translation>Non continua a farlo</translation>
    </message>
    <message>
        <source>Make loops of whole bars that repeat without a seam, not sounds with an end</source>
        <translation>Crea loop di battute intere che si ripetono senza giuntura, non suoni con una fine</translation>
    </message>
    <message>
        <source>Make music from the prompt, without end</source>
        <translation>Fa musica dal prompt, senza fine</translation>
    </message>
    <message>
        <source>Make no more of this</source>
        <translation>Non continuare</translation>
    </message>
    <message>
        <source>Make nothing more</source>
        <translation>Non crea altro</translation>
    </message>
    <message>
        <source>Make one for the next slot of the circle</source>
        <translation>Creane uno per il prossimo slot del cerchio</translation>
    </message>
    <message>
        <source>Make the &amp;mix again…</source>
        <translation>Rifai il &amp;mix…</translation>
    </message>
    <message>
        <source>Make the loop &amp;again</source>
        <translation>&amp;Rifai il loop</translation>
    </message>
    <message>
        <source>Make the mix again</source>
        <translation>Rifai il mix</translation>
    </message>
    <message>
        <source>Make the same clip again and play it next</source>
        <translation>Fai di nuovo la stessa clip e suonala dopo</translation>
    </message>
    <message>
        <source>Make the transition as planned</source>
        <translation>Fai la transizione come previsto</translation>
    </message>
    <message>
        <source>Make the video no further</source>
        <translation>Interrompe la creazione del video</translation>
    </message>
    <message>
        <source>Make weak loops again</source>
        <translation>Rifai i loop deboli</translation>
    </message>
    <message>
        <source>Make what plays again with its &amp;seed</source>
        <translation>Rifare col suo &amp;seed ciò che suona</translation>
    </message>
    <message>
        <source>Make {layer}</source>
        <translation>Crea: {layer}</translation>
    </message>
    <message>
        <source>make “{title}” a favourite</source>
        <translation>metti “{title}” tra i preferiti</translation>
    </message>
    <message>
        <source>make “{title}” no favourite any more</source>
        <translation>togli “{title}” dai preferiti</translation>
    </message>
    <message>
        <source>making</source>
        <translation>in corso</translation>
    </message>
    <message>
        <source>making took, s</source>
        <translation>lavoro, s</translation>
    </message>
    <message>
        <source>making, {percent} %</source>
        <translation>in corso, {percent} %</translation>
    </message>
    <message>
        <source>mandolin</source>
        <translation>mandolino</translation>
    </message>
    <message>
        <source>mark</source>
        <translation>nei marcatori</translation>
    </message>
    <message>
        <source>Mark this take as a favourite: it may come back when nothing new is in hand</source>
        <translation>Segna questa ripresa come preferita: può tornare quando non c'è niente di nuovo</translation>
    </message>
    <message>
        <source>Match the beats</source>
        <translation>Sincronizza i beat</translation>
    </message>
    <message>
        <source>Matched</source>
        <translation>Su misura</translation>
    </message>
    <message>
        <source>matched</source>
        <translation>su misura</translation>
    </message>
    <message>
        <source>Maximum loop length</source>
        <translation>Lunghezza massima del loop</translation>
    </message>
    <message>
        <source>Maximum play time</source>
        <translation>Tempo massimo di ascolto</translation>
    </message>
    <message>
        <source>maximum play time, s</source>
        <translation>durata massima, s</translation>
    </message>
    <message>
        <source>Measure the latency</source>
        <translation>Misura la latenza</translation>
    </message>
    <message>
        <source>measured</source>
        <translation>misurato</translation>
    </message>
    <message>
        <source>Measured on the loop as it is rendered, its crossfade included: how strong an onset the seam adds, against those of the music's own beats.</source>
        <translation>Misurata sul loop così come suona, dissolvenza compresa: quanto forte è l’attacco che la giuntura aggiunge, a confronto con i beat della musica stessa.</translation>
    </message>
    <message>
        <source>Measuring: noise is played five times…</source>
        <translation>Misura: si suona del rumore cinque volte…</translation>
    </message>
    <message>
        <source>Medium</source>
        <translation>Media</translation>
    </message>
    <message>
        <source>medium energy</source>
        <translation>media energia</translation>
    </message>
    <message>
        <source>melodic minor</source>
        <translation>minore melodica</translation>
    </message>
    <message>
        <source>melody</source>
        <translation>melodia</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>Memoria</translation>
    </message>
    <message>
        <source>Memory: {size}</source>
        <translation>Memoria: {size}</translation>
    </message>
    <message>
        <source>Mend</source>
        <translation>Cuci</translation>
    </message>
    <message>
        <source>Mend seams</source>
        <translation>Cuci le giunture</translation>
    </message>
    <message>
        <source>Mend the seam</source>
        <translation>Cuci la giuntura</translation>
    </message>
    <message>
        <source>Menu</source>
        <translation>Menu</translation>
    </message>
    <message>
        <source>Metre</source>
        <translation>Metro</translation>
    </message>
    <message>
        <source>metre asked for</source>
        <translation>metro richiesto</translation>
    </message>
    <message>
        <source>Metre of the jam</source>
        <translation>Metro della jam</translation>
    </message>
    <message>
        <source>Metrics</source>
        <translation>Metriche</translation>
    </message>
    <message>
        <source>MIDI</source>
        <translation>MIDI</translation>
    </message>
    <message>
        <source>MIDI and Link</source>
        <translation>MIDI e Link</translation>
    </message>
    <message>
        <source>MIDI clock</source>
        <translation>clock MIDI</translation>
    </message>
    <message>
        <source>MIDI is off.</source>
        <translation>Il MIDI è spento.</translation>
    </message>
    <message>
        <source>MIDI needs the package python-rtmidi: “infiniloop models setup midi” installs it.</source>
        <translation>Il MIDI ha bisogno del pacchetto python-rtmidi: «infiniloop models setup midi» lo installa.</translation>
    </message>
    <message>
        <source>min</source>
        <translation>min</translation>
    </message>
    <message>
        <source>Mini</source>
        <translation>Mini</translation>
    </message>
    <message>
        <source>minimalism</source>
        <translation>minimalismo</translation>
    </message>
    <message>
        <source>Minimum loop length</source>
        <translation>Lunghezza minima del loop</translation>
    </message>
    <message>
        <source>Minimum play time</source>
        <translation>Tempo minimo di ascolto</translation>
    </message>
    <message>
        <source>minimum play time, s</source>
        <translation>durata minima, s</translation>
    </message>
    <message>
        <source>minor</source>
        <translation>minore</translation>
    </message>
    <message>
        <source>MIT: free to use, also commercially</source>
        <translation>MIT: uso libero, anche commerciale</translation>
    </message>
    <message>
        <source>Mix</source>
        <translation>Mix</translation>
    </message>
    <message>
        <source>mixolydian</source>
        <translation>misolidio</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modello</translation>
    </message>
    <message>
        <source>model</source>
        <translation>modello</translation>
    </message>
    <message>
        <source>Model there</source>
        <translation>Modello là</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modelli</translation>
    </message>
    <message>
        <source>models</source>
        <translation>modelli</translation>
    </message>
    <message>
        <source>Models folder</source>
        <translation>Cartella dei modelli</translation>
    </message>
    <message>
        <source>Models, programs and packages</source>
        <translation>Modelli, programmi e pacchetti</translation>
    </message>
    <message>
        <source>Models…</source>
        <translation>Modelli…</translation>
    </message>
    <message>
        <source>modern</source>
        <translation>moderno</translation>
    </message>
    <message>
        <source>More</source>
        <translation>Altro</translation>
    </message>
    <message>
        <source>more of its sounds cannot be played as drums</source>
        <translation>altri suoi suoni non si possono suonare come tamburi</translation>
    </message>
    <message>
        <source>More of the jam</source>
        <translation>Altro della jam</translation>
    </message>
    <message>
        <source>More to set</source>
        <translation>Altro da impostare</translation>
    </message>
    <message>
        <source>Move the control that is to do “{words}”.</source>
        <translation>Muovi il controllo che deve fare «{words}».</translation>
    </message>
    <message>
        <source>Move the edge earlier</source>
        <translation>Sposta il bordo prima</translation>
    </message>
    <message>
        <source>Move the edge later</source>
        <translation>Sposta il bordo dopo</translation>
    </message>
    <message>
        <source>move the loop</source>
        <translation>sposta il loop</translation>
    </message>
    <message>
        <source>move the loop's end</source>
        <translation>sposta la fine del loop</translation>
    </message>
    <message>
        <source>move the loop's start</source>
        <translation>sposta l'inizio del loop</translation>
    </message>
    <message>
        <source>Move the recording to the trash</source>
        <translation>Sposta la registrazione nel cestino</translation>
    </message>
    <message>
        <source>mps</source>
        <translation>mps</translation>
    </message>
    <message>
        <source>ms</source>
        <translation>ms</translation>
    </message>
    <message>
        <source>muffled</source>
        <translation>ovattato</translation>
    </message>
    <message>
        <source>music box</source>
        <translation>carillon</translation>
    </message>
    <message>
        <source>Music folder</source>
        <translation>Cartella della musica</translation>
    </message>
    <message>
        <source>Music in hand</source>
        <translation>Musica pronta</translation>
    </message>
    <message>
        <source>music in hand: {left}</source>
        <translation>musica pronta: {left}</translation>
    </message>
    <message>
        <source>MusicGen</source>
        <translation>MusicGen</translation>
    </message>
    <message>
        <source>MusicGPT</source>
        <translation>MusicGPT</translation>
    </message>
    <message>
        <source>musicgpt</source>
        <translation>di MusicGPT</translation>
    </message>
    <message>
        <source>mute</source>
        <translation>muto</translation>
    </message>
    <message>
        <source>Mute</source>
        <translation>Muto</translation>
    </message>
    <message>
        <source>Mute {layer}</source>
        <translation>Rendi muto: {layer}</translation>
    </message>
    <message>
        <source>muted</source>
        <translation>muto</translation>
    </message>
    <message>
        <source>muted guitar</source>
        <translation>chitarra stoppata</translation>
    </message>
    <message>
        <source>mysterious</source>
        <translation>misterioso</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Nome</translation>
    </message>
    <message>
        <source>Name of the model that the other machine is to use; empty leaves it to that machine</source>
        <translation>Nome del modello che l’altra macchina deve usare; vuoto lascia la scelta a lei</translation>
    </message>
    <message>
        <source>near equal gain</source>
        <translation>quasi pari guadagno</translation>
    </message>
    <message>
        <source>near equal power</source>
        <translation>quasi pari potenza</translation>
    </message>
    <message>
        <source>Negative prompt</source>
        <translation>Prompt negativo</translation>
    </message>
    <message>
        <source>Never</source>
        <translation>Mai</translation>
    </message>
    <message>
        <source>never</source>
        <translation>mai</translation>
    </message>
    <message>
        <source>Never again</source>
        <translation>Mai più</translation>
    </message>
    <message>
        <source>never play “{title}” again</source>
        <translation>non suonare più “{title}”</translation>
    </message>
    <message>
        <source>New alone</source>
        <translation>Solo il nuovo</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>Prossimo</translation>
    </message>
    <message>
        <source>next</source>
        <translation>prossimo</translation>
    </message>
    <message>
        <source>next bar</source>
        <translation>alla prossima battuta</translation>
    </message>
    <message>
        <source>Next loop</source>
        <translation>Prossimo loop</translation>
    </message>
    <message>
        <source>next try in {left}</source>
        <translation>nuova prova fra {left}</translation>
    </message>
    <message>
        <source>Next ›</source>
        <translation>Avanti ›</translation>
    </message>
    <message>
        <source>next: {title}</source>
        <translation>poi: {title}</translation>
    </message>
    <message>
        <source>Next: {title}</source>
        <translation>Poi: {title}</translation>
    </message>
    <message>
        <source>no</source>
        <translation>no</translation>
    </message>
    <message>
        <source>No beat is heard in the recording: some seconds of music with a steady pulse are needed to play along.</source>
        <translation>Nella registrazione non si sente una pulsazione: per suonare insieme servono alcuni secondi di musica a tempo regolare.</translation>
    </message>
    <message>
        <source>no chord</source>
        <translation>nessun accordo</translation>
    </message>
    <message>
        <source>No clip can be made: quit, and enter “make run” in the studio's folder, which installs what is missing ({detail}).</source>
        <translation>Non si può fare nessuna clip: esci e scrivi “make run” nella cartella dello studio, che installa ciò che manca ({detail}).</translation>
    </message>
    <message>
        <source>no drum is called so</source>
        <translation>nessun tamburo si chiama così</translation>
    </message>
    <message>
        <source>No instrument is plugged in.</source>
        <translation>Nessuno strumento è collegato.</translation>
    </message>
    <message>
        <source>no key</source>
        <translation>nessuna tonalità</translation>
    </message>
    <message>
        <source>no key heard, {asked} asked</source>
        <translation>nessuna tonalità udibile, chiesta {asked}</translation>
    </message>
    <message>
        <source>no kit is called like its folder</source>
        <translation>nessuna batteria si chiama come la sua cartella</translation>
    </message>
    <message>
        <source>no limit</source>
        <translation>senza limite</translation>
    </message>
    <message>
        <source>No loop can be found: quit, and enter “make run” in the studio's folder, which installs what is missing ({detail}).</source>
        <translation>Non si può trovare nessun loop: esci e scrivi “make run” nella cartella dello studio, che installa ciò che manca ({detail}).</translation>
    </message>
    <message>
        <source>No loop of at least {minimum_s:.2f} s fits a clip of {duration_s:.2f} s: lower the minimum loop length.</source>
        <translation>Nessun loop di almeno {minimum_s:.2f} s sta in una clip di {duration_s:.2f} s: abbassa la lunghezza minima del loop.</translation>
    </message>
    <message>
        <source>No loop of whole bars was found within these bounds: tell the tempo, or allow any length.</source>
        <translation>Non è stato trovato alcun loop di battute intere entro questi limiti: indica il tempo, o permetti qualsiasi lunghezza.</translation>
    </message>
    <message>
        <source>No machine is known by the name in {machine}: is it spelt right, and is there a network?</source>
        <translation>Nessuna macchina è nota con il nome in {machine}: è scritto bene, e c’è una rete?</translation>
    </message>
    <message>
        <source>No model that can paint a seam anew is on this machine: Models in the menu (Ctrl+G) fetches one</source>
        <translation>Su questa macchina non c’è un modello che possa ridipingere una giuntura: Modelli nel menu (Ctrl+G) ne scarica uno</translation>
    </message>
    <message>
        <source>No model that can paint a seam anew is on this machine: “infiniloop models setup diffusion” installs what they run on, and Models in the menu fetches one.</source>
        <translation>Su questa macchina non c’è un modello che possa ridipingere una giuntura: “infiniloop models setup diffusion” installa ciò che serve a farli girare, e Modelli nel menu ne scarica uno.</translation>
    </message>
    <message>
        <source>no network</source>
        <translation>nessuna rete</translation>
    </message>
    <message>
        <source>No output is reached by “{value}” ({detail}): {hint}.</source>
        <translation>Con “{value}” non si raggiunge nessuna uscita ({detail}): {hint}.</translation>
    </message>
    <message>
        <source>No panel is shown. The button at the top right shows them again.</source>
        <translation>Nessun pannello è visibile. Il pulsante in alto a destra li mostra di nuovo.</translation>
    </message>
    <message>
        <source>No port is open yet.</source>
        <translation>Nessuna porta è ancora aperta.</translation>
    </message>
    <message>
        <source>no pulse</source>
        <translation>nessuna pulsazione</translation>
    </message>
    <message>
        <source>No slot holds a loop yet</source>
        <translation>Nessuno slot contiene ancora un loop</translation>
    </message>
    <message>
        <source>No snap</source>
        <translation>Libero</translation>
    </message>
    <message>
        <source>No sound came for {seconds:.0f} s, and the audio process was started again.</source>
        <translation>Nessun suono per {seconds:.0f} s: il processo audio è stato riavviato.</translation>
    </message>
    <message>
        <source>No sound for {seconds} s: the loop was started again</source>
        <translation>Nessun suono per {seconds} s: il loop è stato riavviato</translation>
    </message>
    <message>
        <source>No sound input was found: connect a microphone or an instrument ({detail}).</source>
        <translation>Non è stato trovato nessun ingresso audio: collega un microfono o uno strumento ({detail}).</translation>
    </message>
    <message>
        <source>No sound is taken in: open an input first, in the dialog “Play with an instrument…”.</source>
        <translation>Non si prende nessun suono: apri prima un ingresso, nella finestra “Suona con uno strumento…”.</translation>
    </message>
    <message>
        <source>no sound output</source>
        <translation>nessuna uscita audio</translation>
    </message>
    <message>
        <source>No sound output was found: the studio runs without sound until one is there ({detail}).</source>
        <translation>Nessuna uscita audio trovata: lo studio va avanti senza suono finché non ce n’è una ({detail}).</translation>
    </message>
    <message>
        <source>No space left on device</source>
        <translation>spazio esaurito</translation>
    </message>
    <message>
        <source>no starter loop was found</source>
        <translation>non c’è alcun loop di avvio</translation>
    </message>
    <message>
        <source>No studio runs as process {pid}: these do: {choices}.</source>
        <translation>Nessuno studio è in esecuzione come processo {pid}: ci sono {choices}.</translation>
    </message>
    <message>
        <source>No studio runs: “{program}” opens one, “{program} term” one in a terminal.</source>
        <translation>Nessuno studio è in esecuzione: “{program}” ne apre uno, “{program} term” uno in un terminale.</translation>
    </message>
    <message>
        <source>No such file or directory</source>
        <translation>file o cartella inesistente</translation>
    </message>
    <message>
        <source>No take can be kept or played again: quit, and enter “make run” in the studio's folder, which installs what is missing ({detail}).</source>
        <translation>Non si può conservare né riascoltare nessuna ripresa: esci e scrivi “make run” nella cartella dello studio, che installa ciò che manca ({detail}).</translation>
    </message>
    <message>
        <source>No takes yet: every clip that is made is kept here.</source>
        <translation>Ancora nessuna ripresa: ogni clip fatta si conserva qui.</translation>
    </message>
    <message>
        <source>no tempo heard, {asked} bpm asked</source>
        <translation>nessun tempo udibile, chiesti {asked} bpm</translation>
    </message>
    <message>
        <source>no token</source>
        <translation>nessun token</translation>
    </message>
    <message>
        <source>no whole number of bars</source>
        <translation>battute non intere</translation>
    </message>
    <message>
        <source>no {names}</source>
        <translation>senza {names}</translation>
    </message>
    <message>
        <source>nobody</source>
        <translation>nessuno</translation>
    </message>
    <message>
        <source>Nobody is there yet to be in step with.</source>
        <translation>Non c’è ancora nessuno con cui andare a tempo.</translation>
    </message>
    <message>
        <source>noise</source>
        <translation>rumore</translation>
    </message>
    <message>
        <source>Noise</source>
        <translation>Rumore</translation>
    </message>
    <message>
        <source>none chosen</source>
        <translation>nessuna scelta</translation>
    </message>
    <message>
        <source>None of the {n_machines} machines made a clip: {detail}.</source>
        <translation>Nessuna delle {n_machines} macchine ha fatto una clip: {detail}.</translation>
    </message>
    <message>
        <source>none yet</source>
        <translation>ancora nessuno</translation>
    </message>
    <message>
        <source>nostalgic</source>
        <translation>nostalgico</translation>
    </message>
    <message>
        <source>Not a directory</source>
        <translation>non è una cartella</translation>
    </message>
    <message>
        <source>not each of its clips can be made the same again</source>
        <translation>non tutte le sue clip si possono rifare uguali</translation>
    </message>
    <message>
        <source>not found: see Models</source>
        <translation>non trovato: vedi Modelli</translation>
    </message>
    <message>
        <source>not found: see SETUP</source>
        <translation>non trovato: vedi SETUP</translation>
    </message>
    <message>
        <source>not here</source>
        <translation>non c’è</translation>
    </message>
    <message>
        <source>not kept</source>
        <translation>non conservato</translation>
    </message>
    <message>
        <source>Not known as it is, and taken for what is nearest: {text}</source>
        <translation>Sconosciuto, e preso per ciò che è più vicino: {text}</translation>
    </message>
    <message>
        <source>Not known: it changes nothing but which music is drawn by chance</source>
        <translation>Sconosciuto: cambia soltanto quale musica viene scelta a caso</translation>
    </message>
    <message>
        <source>not measured yet</source>
        <translation>non ancora misurata</translation>
    </message>
    <message>
        <source>Not playing: AVVIA plays it</source>
        <translation>Fermo: AVVIA lo suona</translation>
    </message>
    <message>
        <source>not {names}</source>
        <translation>non {names}</translation>
    </message>
    <message>
        <source>not {said}</source>
        <translation>non {said}</translation>
    </message>
    <message>
        <source>Notes</source>
        <translation>Note</translation>
    </message>
    <message>
        <source>Notes (&amp;MIDI)</source>
        <translation>Note (&amp;MIDI)</translation>
    </message>
    <message>
        <source>Notes and parts: “{title}” is made once more</source>
        <translation>Note e parti: “{title}” viene fatto di nuovo</translation>
    </message>
    <message>
        <source>Notes, as a MIDI file</source>
        <translation>Note, come file MIDI</translation>
    </message>
    <message>
        <source>Nothing can be installed into “{path}” ({detail}): {hint}.</source>
        <translation>In “{path}” non si può installare niente ({detail}): {hint}.</translation>
    </message>
    <message>
        <source>Nothing can be offered at {host}, port {port}: {detail}.</source>
        <translation>A {host}, porta {port}, non si può offrire niente: {detail}.</translation>
    </message>
    <message>
        <source>Nothing can be taken in from “{device}”: {detail}.</source>
        <translation>Non si può prendere nulla da “{device}”: {detail}.</translation>
    </message>
    <message>
        <source>Nothing comes from the studio: listeners hear loops from its reserve.</source>
        <translation>Dallo studio non arriva nulla: chi ascolta sente loop di riserva.</translation>
    </message>
    <message>
        <source>Nothing goes out: what is played is heard here alone.</source>
        <translation>Non esce nulla: ciò che suona si sente solo qui.</translation>
    </message>
    <message>
        <source>nothing is heard in it</source>
        <translation>non vi si sente niente</translation>
    </message>
    <message>
        <source>Nothing is heard.</source>
        <translation>Non si sente nulla.</translation>
    </message>
    <message>
        <source>Nothing new is ready: “{title}” comes</source>
        <translation>Non c’è nulla di nuovo pronto: arriva “{title}”</translation>
    </message>
    <message>
        <source>Nothing plays</source>
        <translation>Non suona nulla</translation>
    </message>
    <message>
        <source>Nothing plays here yet: Make</source>
        <translation>Qui non suona ancora niente: Crea</translation>
    </message>
    <message>
        <source>Nothing plays that could be meant: start the music first.</source>
        <translation>Non suona niente a cui riferirsi: avvia prima la musica.</translation>
    </message>
    <message>
        <source>Nothing to be done</source>
        <translation>Niente da fare</translation>
    </message>
    <message>
        <source>Nothing was done with “{name}”: say yes, or --yes.</source>
        <translation>Con “{name}” non è stato fatto niente: di’ sì, o --yes.</translation>
    </message>
    <message>
        <source>Nothing was fetched: the studio is set to work offline. SETUP → Folders allows it again (“{name}” was asked for).</source>
        <translation>Non è stato scaricato niente: lo studio lavora offline. SETUP → Cartelle lo permette di nuovo (era richiesto “{name}”).</translation>
    </message>
    <message>
        <source>Nothing was heard in the last ten minutes: play something, then keep it.</source>
        <translation>Negli ultimi dieci minuti non si è sentito nulla: suona qualcosa, poi tienilo.</translation>
    </message>
    <message>
        <source>Nothing was measured yet: each clip that the studio makes is.</source>
        <translation>Non si è ancora misurato niente: si misura ogni clip che lo studio fa.</translation>
    </message>
    <message>
        <source>Nothing was recorded in this jam yet.</source>
        <translation>In questa jam non è ancora stato registrato nulla.</translation>
    </message>
    <message>
        <source>Nothing was recorded: it was to begin with a later bar.</source>
        <translation>Non è stato registrato niente: doveva cominciare con una battuta successiva.</translation>
    </message>
    <message>
        <source>Notice</source>
        <translation>Avviso</translation>
    </message>
    <message>
        <source>now</source>
        <translation>subito</translation>
    </message>
    <message>
        <source>Now and then play a clip with a fill, a rest or a filter, and then again as it is written</source>
        <translation>Ogni tanto suona una clip con uno stacco, una pausa o un filtro, e poi di nuovo com'è scritta</translation>
    </message>
    <message>
        <source>Now playing</source>
        <translation>In ascolto</translation>
    </message>
    <message>
        <source>Nudge the loop's end</source>
        <translation>Sposta la fine del loop</translation>
    </message>
    <message>
        <source>Nudge the loop's start</source>
        <translation>Sposta l’inizio del loop</translation>
    </message>
    <message>
        <source>Number of clips that these figures come from; the newest 20 are kept</source>
        <translation>Numero di clip da cui vengono queste cifre; si tengono le 20 più recenti</translation>
    </message>
    <message>
        <source>NVIDIA or AMD card</source>
        <translation>Scheda NVIDIA o AMD</translation>
    </message>
    <message>
        <source>nylon guitar</source>
        <translation>chitarra classica</translation>
    </message>
    <message>
        <source>Of a loop alone, which is resampled so that it repeats as before</source>
        <translation>Solo del loop, ricampionato in modo che si ripeta come prima</translation>
    </message>
    <message>
        <source>of unknown origin</source>
        <translation>di origine ignota</translation>
    </message>
    <message>
        <source>Of “{title}” only the loop was saved, without its notes and parts: {detail}.</source>
        <translation>Di “{title}” è stato salvato solo il loop, senza note né parti: {detail}.</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>Spento</translation>
    </message>
    <message>
        <source>off</source>
        <translation>spento</translation>
    </message>
    <message>
        <source>Off the air</source>
        <translation>Fuori onda</translation>
    </message>
    <message>
        <source>Offline: nothing is fetched</source>
        <translation>Offline: non si scarica niente</translation>
    </message>
    <message>
        <source>OGG Vorbis</source>
        <translation>OGG Vorbis</translation>
    </message>
    <message>
        <source>OK</source>
        <translation>OK</translation>
    </message>
    <message>
        <source>On air</source>
        <translation>In onda</translation>
    </message>
    <message>
        <source>On the air at {url}</source>
        <translation>In onda a {url}</translation>
    </message>
    <message>
        <source>On the air for the network, a code for phones stands here.</source>
        <translation>In onda per la rete, qui sta un codice per i telefoni.</translation>
    </message>
    <message>
        <source>On the air. No one listens yet.</source>
        <translation>In onda. Non ascolta ancora nessuno.</translation>
    </message>
    <message>
        <source>On the air. One person listens.</source>
        <translation>In onda. Ascolta una persona.</translation>
    </message>
    <message>
        <source>On the air. {n} people listen.</source>
        <translation>In onda. Ascoltano {n} persone.</translation>
    </message>
    <message>
        <source>On to the next step (Right)</source>
        <translation>Va al passo successivo (Destra)</translation>
    </message>
    <message>
        <source>One request waits.</source>
        <translation>Una richiesta aspetta.</translation>
    </message>
    <message>
        <source>One turn as it is heard, tagged as a loop: samplers and games repeat it without a seam.</source>
        <translation>Un giro come si sente, marcato come loop: campionatori e giochi lo ripetono senza giunzione.</translation>
    </message>
    <message>
        <source>open</source>
        <translation>charleston aperto</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Apri</translation>
    </message>
    <message>
        <source>Open a &amp;folder…</source>
        <translation>Apri una &amp;cartella…</translation>
    </message>
    <message>
        <source>Open a folder of sounds</source>
        <translation>Apri una cartella di suoni</translation>
    </message>
    <message>
        <source>Open a jam</source>
        <translation>Apri una jam</translation>
    </message>
    <message>
        <source>Open a jam from its folder, in the place of this one</source>
        <translation>Apre una jam dalla sua cartella, al posto di questa</translation>
    </message>
    <message>
        <source>Open and keep jams, what was recorded, and who plays with you</source>
        <translation>Aprire e conservare jam, le registrazioni e chi suona con te</translation>
    </message>
    <message>
        <source>Open another jam? The loops of this one are kept in no folder of yours, and go.</source>
        <translation>Aprire un’altra jam? I loop di questa non sono in nessuna tua cartella, e si perdono.</translation>
    </message>
    <message>
        <source>open hats</source>
        <translation>charleston aperto</translation>
    </message>
    <message>
        <source>Open sounds</source>
        <translation>Apri suoni</translation>
    </message>
    <message>
        <source>Open the &amp;page</source>
        <translation>Apri la &amp;pagina</translation>
    </message>
    <message>
        <source>Open the folder again</source>
        <translation>Apri di nuovo la cartella</translation>
    </message>
    <message>
        <source>Open the input, of which the looper records</source>
        <translation>Apre l’ingresso, da cui registra il looper</translation>
    </message>
    <message>
        <source>Open the page</source>
        <translation>Apri la pagina</translation>
    </message>
    <message>
        <source>Open the page in the browser</source>
        <translation>Apre la pagina nel browser</translation>
    </message>
    <message>
        <source>Opened counts as taken</source>
        <translation>Aperto vale preso</translation>
    </message>
    <message>
        <source>Opens and closes by the pattern below</source>
        <translation>Si apre e si chiude secondo i passi qui sotto</translation>
    </message>
    <message>
        <source>opens with the first sound</source>
        <translation>si apre con il primo suono</translation>
    </message>
    <message>
        <source>organ</source>
        <translation>organo</translation>
    </message>
    <message>
        <source>organ bass</source>
        <translation>basso d’organo</translation>
    </message>
    <message>
        <source>organ stab</source>
        <translation>stab d’organo</translation>
    </message>
    <message>
        <source>OSC in</source>
        <translation>Ingresso OSC</translation>
    </message>
    <message>
        <source>OSC is heard at {place}</source>
        <translation>OSC si ascolta su {place}</translation>
    </message>
    <message>
        <source>OSC out</source>
        <translation>Uscita OSC</translation>
    </message>
    <message>
        <source>Other devices reach it once “For the network” is on.</source>
        <translation>Gli altri dispositivi la raggiungono quando “Per la rete” è attivo.</translation>
    </message>
    <message>
        <source>Other machines could reach {host}: name a file with --token-file, or stay with --host 127.0.0.1, which only this machine reaches.</source>
        <translation>Altre macchine potrebbero raggiungere {host}: nomina un file con --token-file, o resta con --host 127.0.0.1, che solo questa macchina raggiunge.</translation>
    </message>
    <message>
        <source>Other programs connect to the port “{name}”.</source>
        <translation>Gli altri programmi si collegano alla porta «{name}».</translation>
    </message>
    <message>
        <source>Out</source>
        <translation>Out</translation>
    </message>
    <message>
        <source>out</source>
        <translation>esce</translation>
    </message>
    <message>
        <source>Output</source>
        <translation>Uscita</translation>
    </message>
    <message>
        <source>Output &amp;device:</source>
        <translation>&amp;Dispositivo di uscita:</translation>
    </message>
    <message>
        <source>Output level</source>
        <translation>Livello di uscita</translation>
    </message>
    <message>
        <source>over 1 bar</source>
        <translation>per 1 battuta</translation>
    </message>
    <message>
        <source>over {ms} ms</source>
        <translation>per {ms} ms</translation>
    </message>
    <message>
        <source>over {n} bars</source>
        <translation>per {n} battute</translation>
    </message>
    <message>
        <source>Overdu&amp;b</source>
        <translation>So&amp;vraincidi</translation>
    </message>
    <message>
        <source>Overlap</source>
        <translation>Sovrapposizione</translation>
    </message>
    <message>
        <source>Overlap in milliseconds</source>
        <translation>Sovrapposizione in millisecondi</translation>
    </message>
    <message>
        <source>overlap of the seam, ms</source>
        <translation>sovrapposizione della giuntura, ms</translation>
    </message>
    <message>
        <source>overlap, ms</source>
        <translation>sovrapposizione, ms</translation>
    </message>
    <message>
        <source>Own checkpoint</source>
        <translation>Checkpoint proprio</translation>
    </message>
    <message>
        <source>Own drums</source>
        <translation>Batteria propria</translation>
    </message>
    <message>
        <source>Own styles</source>
        <translation>Stili propri</translation>
    </message>
    <message>
        <source>P: hear its seam.</source>
        <translation>P: ascolta la sua giuntura.</translation>
    </message>
    <message>
        <source>Pace over the length of clips</source>
        <translation>Tempo di lavoro secondo la durata delle clip</translation>
    </message>
    <message>
        <source>Pack for a DAW</source>
        <translation>Pacchetto per una DAW</translation>
    </message>
    <message>
        <source>Pack for a game</source>
        <translation>Pacchetto per un gioco</translation>
    </message>
    <message>
        <source>Pack for a video</source>
        <translation>Pacchetto per un video</translation>
    </message>
    <message>
        <source>Packages</source>
        <translation>Pacchetti</translation>
    </message>
    <message>
        <source>pad</source>
        <translation>pad</translation>
    </message>
    <message>
        <source>Pad of {layer}: {x} across, {y} upwards</source>
        <translation>Pad di {layer}: {x} in orizzontale, {y} in verticale</translation>
    </message>
    <message>
        <source>pads</source>
        <translation>pad</translation>
    </message>
    <message>
        <source>Page {page} of {n_pages} of the slots of {layer}</source>
        <translation>Pagina {page} di {n_pages} degli slot: {layer}</translation>
    </message>
    <message>
        <source>Pages of settings</source>
        <translation>Pagine delle impostazioni</translation>
    </message>
    <message>
        <source>pan flute</source>
        <translation>flauto di Pan</translation>
    </message>
    <message>
        <source>Panels and &amp;keys</source>
        <translation>Pannelli e &amp;tasti</translation>
    </message>
    <message>
        <source>Panels in one place</source>
        <translation>Pannelli nello stesso posto</translation>
    </message>
    <message>
        <source>Panels that share one place: choose one with the arrow keys, or go on with F6</source>
        <translation>Pannelli che condividono un posto: scegline uno con le frecce, o prosegui con F6</translation>
    </message>
    <message>
        <source>part</source>
        <translation>parte</translation>
    </message>
    <message>
        <source>part maker</source>
        <translation>delle parti</translation>
    </message>
    <message>
        <source>part of a mix</source>
        <translation>parte di un mix</translation>
    </message>
    <message>
        <source>Partials: {names}</source>
        <translation>Parziali: {names}</translation>
    </message>
    <message>
        <source>partly here</source>
        <translation>in parte</translation>
    </message>
    <message>
        <source>Parts</source>
        <translation>Parti</translation>
    </message>
    <message>
        <source>Parts, as stems</source>
        <translation>Parti, come stem</translation>
    </message>
    <message>
        <source>Path from this loop to the next</source>
        <translation>Percorso da questo loop al prossimo</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pausa</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>in pausa</translation>
    </message>
    <message>
        <source>Peaks</source>
        <translation>Picchi</translation>
    </message>
    <message>
        <source>peaks: left {left} dBFS, right {right} dBFS</source>
        <translation>picchi: sinistra {left} dBFS, destra {right} dBFS</translation>
    </message>
    <message>
        <source>pedal</source>
        <translation>charleston a pedale</translation>
    </message>
    <message>
        <source>Per second</source>
        <translation>Per secondo</translation>
    </message>
    <message>
        <source>percussion</source>
        <translation>percussioni</translation>
    </message>
    <message>
        <source>Perform</source>
        <translation>Palco</translation>
    </message>
    <message>
        <source>Permission denied</source>
        <translation>permesso negato</translation>
    </message>
    <message>
        <source>Phase</source>
        <translation>Fase</translation>
    </message>
    <message>
        <source>phase</source>
        <translation>fase</translation>
    </message>
    <message>
        <source>phrygian</source>
        <translation>frigio</translation>
    </message>
    <message>
        <source>phrygian dominant</source>
        <translation>frigio dominante</translation>
    </message>
    <message>
        <source>piano</source>
        <translation>pianoforte</translation>
    </message>
    <message>
        <source>Piece {name}, clip {n}</source>
        <translation>Brano {name}, clip {n}</translation>
    </message>
    <message>
        <source>pip could not install “{name}” ({detail}): is there a network? Its whole words are in {log}.</source>
        <translation>pip non ha potuto installare “{name}” ({detail}): c’è una rete? Tutte le sue parole sono in {log}.</translation>
    </message>
    <message>
        <source>pizzicato strings</source>
        <translation>archi pizzicati</translation>
    </message>
    <message>
        <source>Pla&amp;y in the studio</source>
        <translation>Suona nello s&amp;tudio</translation>
    </message>
    <message>
        <source>Place in the loop</source>
        <translation>Punto del loop</translation>
    </message>
    <message>
        <source>Play a&amp;long with a recording…</source>
        <translation>Suona insieme a una re&amp;gistrazione…</translation>
    </message>
    <message>
        <source>Play along</source>
        <translation>Suona insieme</translation>
    </message>
    <message>
        <source>Play in the studio</source>
        <translation>Suona nello studio</translation>
    </message>
    <message>
        <source>Play the jam by a controller or a keyboard: what each control does</source>
        <translation>Suona la jam con un controller o una tastiera: che cosa fa ogni controllo</translation>
    </message>
    <message>
        <source>Play the jam by notes and controls of every MIDI port; ports that are plugged in later are heard too</source>
        <translation>Suona la jam con note e controlli di ogni porta MIDI; anche le porte collegate più tardi si ascoltano</translation>
    </message>
    <message>
        <source>Play with an &amp;instrument…</source>
        <translation>Suona con uno str&amp;umento…</translation>
    </message>
    <message>
        <source>Play with an instrument</source>
        <translation>Suona con uno strumento</translation>
    </message>
    <message>
        <source>Play, and record</source>
        <translation>Suona, e registra</translation>
    </message>
    <message>
        <source>played through</source>
        <translation>per intero</translation>
    </message>
    <message>
        <source>Played through.</source>
        <translation>Suona per intero.</translation>
    </message>
    <message>
        <source>Played through: nothing in the clip loops, so most of it plays, once or twice.</source>
        <translation>Per intero: nella clip niente torna in loop, quindi ne suona quasi tutta, una o due volte.</translation>
    </message>
    <message>
        <source>Playheads and meters move twice a second, and nothing blinks</source>
        <translation>Cursori e indicatori si muovono due volte al secondo, e nulla lampeggia</translation>
    </message>
    <message>
        <source>Playing “{title}”</source>
        <translation>Suona “{title}”</translation>
    </message>
    <message>
        <source>Playing: {bpm} bpm, {metre}/4, {chord}, then {next}.</source>
        <translation>Suona: {bpm} bpm, {metre}/4, {chord}, poi {next}.</translation>
    </message>
    <message>
        <source>plays: {loop}</source>
        <translation>suona: {loop}</translation>
    </message>
    <message>
        <source>Point a phone’s camera at it: the phone opens the radio’s page</source>
        <translation>Inquadralo con la fotocamera di un telefono: il telefono apre la pagina della radio</translation>
    </message>
    <message>
        <source>Port</source>
        <translation>Porta</translation>
    </message>
    <message>
        <source>Ports</source>
        <translation>Porte</translation>
    </message>
    <message>
        <source>Precision</source>
        <translation>Precisione</translation>
    </message>
    <message>
        <source>Press it on a few beats (T)</source>
        <translation>Premilo su qualche beat (T)</translation>
    </message>
    <message>
        <source>Previous</source>
        <translation>Precedente</translation>
    </message>
    <message>
        <source>Processor</source>
        <translation>Processore</translation>
    </message>
    <message>
        <source>Program</source>
        <translation>Programma</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Avanzamento</translation>
    </message>
    <message>
        <source>Progress of the fragment</source>
        <translation>Avanzamento del frammento</translation>
    </message>
    <message>
        <source>Progress of the next clip</source>
        <translation>Avanzamento della prossima clip</translation>
    </message>
    <message>
        <source>Prompt</source>
        <translation>Prompt</translation>
    </message>
    <message>
        <source>prompt</source>
        <translation>prompt</translation>
    </message>
    <message>
        <source>Prompt of a fragment</source>
        <translation>Prompt di un frammento</translation>
    </message>
    <message>
        <source>Prompt of slot {number}</source>
        <translation>Prompt dello slot {number}</translation>
    </message>
    <message>
        <source>Prompt of the next fragment</source>
        <translation>Prompt del prossimo frammento</translation>
    </message>
    <message>
        <source>Prompt of {layer}</source>
        <translation>Prompt: {layer}</translation>
    </message>
    <message>
        <source>Prompt page</source>
        <translation>Pagina dei prompt</translation>
    </message>
    <message>
        <source>Prompt page: {address}</source>
        <translation>Pagina dei prompt: {address}</translation>
    </message>
    <message>
        <source>Prompts that take turns, one a line; {rain|wind} is one or the other</source>
        <translation>Prompt che si alternano, uno per riga; {rain|wind} è l’uno o l’altro</translation>
    </message>
    <message>
        <source>Protocol</source>
        <translation>Protocollo</translation>
    </message>
    <message>
        <source>Put the first settings back; OK keeps them</source>
        <translation>Rimette le impostazioni iniziali; OK le tiene</translation>
    </message>
    <message>
        <source>Put the help away (Esc)</source>
        <translation>Toglie l’aiuto (Esc)</translation>
    </message>
    <message>
        <source>Put this notice away</source>
        <translation>Toglie questo avviso</translation>
    </message>
    <message>
        <source>Queue the loop that played after (Right)</source>
        <translation>Mette in coda il loop che suonava dopo (Destra)</translation>
    </message>
    <message>
        <source>Queue the loop that played before (Left)</source>
        <translation>Mette in coda il loop che suonava prima (Sinistra)</translation>
    </message>
    <message>
        <source>Queue what lies in slot {number} of these layers</source>
        <translation>Mette in coda ciò che sta nello slot {number} di questi strati</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Esci</translation>
    </message>
    <message>
        <source>R&amp;edo</source>
        <translation>&amp;Rifai</translation>
    </message>
    <message>
        <source>R&amp;eset “{title}”</source>
        <translation>R&amp;ipristina “{title}”</translation>
    </message>
    <message>
        <source>rain</source>
        <translation>pioggia</translation>
    </message>
    <message>
        <source>Rate of the wah</source>
        <translation>Velocità del wah</translation>
    </message>
    <message>
        <source>Read from the file's own loop tags.</source>
        <translation>Letto dai tag di loop del file stesso.</translation>
    </message>
    <message>
        <source>Read-only file system</source>
        <translation>file system di sola lettura</translation>
    </message>
    <message>
        <source>reading</source>
        <translation>lettura</translation>
    </message>
    <message>
        <source>ready, waits for the other layers</source>
        <translation>pronto, aspetta gli altri strati</translation>
    </message>
    <message>
        <source>Ready. AVVIA starts the music.</source>
        <translation>Pronto. AVVIA fa partire la musica.</translation>
    </message>
    <message>
        <source>Rec&amp;ord</source>
        <translation>&amp;Registra</translation>
    </message>
    <message>
        <source>receiving</source>
        <translation>ricezione</translation>
    </message>
    <message>
        <source>Recipe</source>
        <translation>Ricetta</translation>
    </message>
    <message>
        <source>Record</source>
        <translation>Registra</translation>
    </message>
    <message>
        <source>Record a phrase from the next bar on; again ends it with one</source>
        <translation>Registra una frase dalla prossima battuta; di nuovo la conclude con una</translation>
    </message>
    <message>
        <source>Record as Opus, a tenth as large as FLAC, which loses nothing</source>
        <translation>Registra come Opus, dieci volte più piccolo di FLAC, che non perde nulla</translation>
    </message>
    <message>
        <source>Record automation</source>
        <translation>Registra l’automazione</translation>
    </message>
    <message>
        <source>Record each layer by itself, too: all of them add up to the mix without its own effects</source>
        <translation>Registra anche ogni strato a parte: insieme danno il mix senza i suoi effetti</translation>
    </message>
    <message>
        <source>Record from the next bar on; a jam that stands is counted in and started (R)</source>
        <translation>Registra dalla prossima battuta; una jam ferma parte dopo un conto alla rovescia (R)</translation>
    </message>
    <message>
        <source>Record no phrase: nothing of it is kept</source>
        <translation>Non registra la frase: non se ne conserva nulla</translation>
    </message>
    <message>
        <source>Record phrases into the jam, or have a band play along with you</source>
        <translation>Registra frasi nella jam, o fa suonare una band con te</translation>
    </message>
    <message>
        <source>Record the jam</source>
        <translation>Registra la jam</translation>
    </message>
    <message>
        <source>Record what is heard as FLAC into the music folder</source>
        <translation>Registra quello che si sente, in FLAC, nella cartella della musica</translation>
    </message>
    <message>
        <source>Record what you do to knobs, in step with the bars, to be heard again with each turn (A)</source>
        <translation>Registra ciò che fai con le manopole, a tempo con le battute: si risente a ogni giro (A)</translation>
    </message>
    <message>
        <source>Recorded from bar {bar} on.</source>
        <translation>Registrato dalla battuta {bar}.</translation>
    </message>
    <message>
        <source>Recorded up to bar {bar}.</source>
        <translation>Registrato fino alla battuta {bar}.</translation>
    </message>
    <message>
        <source>Recorded {minutes:.1f} min to {path}</source>
        <translation>Registrati {minutes:.1f} min in {path}</translation>
    </message>
    <message>
        <source>recording</source>
        <translation>registrazione</translation>
    </message>
    <message>
        <source>Recording</source>
        <translation>Registrazione</translation>
    </message>
    <message>
        <source>Recording to {path}</source>
        <translation>Registra in {path}</translation>
    </message>
    <message>
        <source>Recording to {path}; press to end it</source>
        <translation>Registra in {path}; premi per finire</translation>
    </message>
    <message>
        <source>Recording: end it in time, and it says the tempo.</source>
        <translation>Registra: concludi a tempo, e dirà il tempo.</translation>
    </message>
    <message>
        <source>Recordings</source>
        <translation>Registrazioni</translation>
    </message>
    <message>
        <source>Recordings of the jam</source>
        <translation>Registrazioni della jam</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Ripeti</translation>
    </message>
    <message>
        <source>Redo the phrase</source>
        <translation>Rifai la frase</translation>
    </message>
    <message>
        <source>Reduced motion</source>
        <translation>Movimento ridotto</translation>
    </message>
    <message>
        <source>reese bass</source>
        <translation>basso reese</translation>
    </message>
    <message>
        <source>Refresh the devices</source>
        <translation>Aggiorna i dispositivi</translation>
    </message>
    <message>
        <source>Refresh the inputs</source>
        <translation>Aggiorna gli ingressi</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Rimuovi</translation>
    </message>
    <message>
        <source>Remove a model</source>
        <translation>Rimuovere un modello</translation>
    </message>
    <message>
        <source>Remove it from this machine</source>
        <translation>Lo rimuove da questa macchina</translation>
    </message>
    <message>
        <source>Remove “{name}”? Other programs that use it would have to fetch it again.</source>
        <translation>Rimuovere “{name}”? Altri programmi che lo usano dovrebbero scaricarlo di nuovo.</translation>
    </message>
    <message>
        <source>Remove…</source>
        <translation>Rimuovi…</translation>
    </message>
    <message>
        <source>Rename the layout</source>
        <translation>Rinomina la disposizione</translation>
    </message>
    <message>
        <source>Rename the recording</source>
        <translation>Rinomina la registrazione</translation>
    </message>
    <message>
        <source>render</source>
        <translation>render</translation>
    </message>
    <message>
        <source>Render the whole mix again, into another file</source>
        <translation>Rifai tutto il mix, in un altro file</translation>
    </message>
    <message>
        <source>Repeats what was just heard by parts of {n} bar, while a room rises</source>
        <translation>Ripete ciò che si è appena sentito per parti di {n} di battuta, mentre cresce una stanza</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>Sostituisci</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>Azzera</translation>
    </message>
    <message>
        <source>Reset peaks and average</source>
        <translation>Azzera picchi e media</translation>
    </message>
    <message>
        <source>Reset the layout</source>
        <translation>Ripristina la disposizione</translation>
    </message>
    <message>
        <source>Resonance</source>
        <translation>Risonanza</translation>
    </message>
    <message>
        <source>Restore defaults</source>
        <translation>Ripristina</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>Esito</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Riprendi</translation>
    </message>
    <message>
        <source>retro</source>
        <translation>retrò</translation>
    </message>
    <message>
        <source>Reverb</source>
        <translation>Riverbero</translation>
    </message>
    <message>
        <source>Ridges</source>
        <translation>Crinali</translation>
    </message>
    <message>
        <source>Right</source>
        <translation>Destro</translation>
    </message>
    <message>
        <source>rim</source>
        <translation>bordo del rullante</translation>
    </message>
    <message>
        <source>rock kit</source>
        <translation>batteria rock</translation>
    </message>
    <message>
        <source>romantic</source>
        <translation>romantico</translation>
    </message>
    <message>
        <source>Room</source>
        <translation>Spazio</translation>
    </message>
    <message>
        <source>Room in the library: oldest takes removed: {n} ({gigabytes:.1f} GB)</source>
        <translation>Spazio nella libreria: riprese più vecchie eliminate: {n} ({gigabytes:.1f} GB)</translation>
    </message>
    <message>
        <source>Room in the library: oldest takes removed: {n} ({megabytes:.1f} MB)</source>
        <translation>Spazio nella libreria: riprese più vecchie eliminate: {n} ({megabytes:.1f} MB)</translation>
    </message>
    <message>
        <source>Room size</source>
        <translation>Stanza</translation>
    </message>
    <message>
        <source>Rose</source>
        <translation>Rosa</translation>
    </message>
    <message>
        <source>Rotation</source>
        <translation>Rotazione</translation>
    </message>
    <message>
        <source>Runs on</source>
        <translation>Calcola su</translation>
    </message>
    <message>
        <source>s</source>
        <translation>s</translation>
    </message>
    <message>
        <source>S another screen</source>
        <translation>S altro schermo</translation>
    </message>
    <message>
        <source>S&amp;kip</source>
        <translation>&amp;Salta</translation>
    </message>
    <message>
        <source>S&amp;tatistics of this machine…</source>
        <translation>S&amp;tatistiche di questa macchina…</translation>
    </message>
    <message>
        <source>sad</source>
        <translation>triste</translation>
    </message>
    <message>
        <source>SALVA writes the loop, or drag the card into a folder or a DAW. Drop sounds of yours on the window, and they loop too. F1 explains any panel.</source>
        <translation>SALVA scrive il loop, oppure trascina la scheda in una cartella o in una DAW. Trascina suoni tuoi sulla finestra, e si ripetono anche loro. F1 spiega ogni pannello.</translation>
    </message>
    <message>
        <source>Sample rate</source>
        <translation>Frequenza</translation>
    </message>
    <message>
        <source>sample rate, Hz</source>
        <translation>frequenza, Hz</translation>
    </message>
    <message>
        <source>Sampled</source>
        <translation>Campionati</translation>
    </message>
    <message>
        <source>sampled</source>
        <translation>campionati</translation>
    </message>
    <message>
        <source>Sampled instruments come from a SoundFont (.sf2, .sf3); “best” takes them where a good one is installed</source>
        <translation>Gli strumenti campionati vengono da un SoundFont (.sf2, .sf3); “i migliori” li usa dove ne è installato uno buono</translation>
    </message>
    <message>
        <source>Sampler</source>
        <translation>Campionatore</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Salva</translation>
    </message>
    <message>
        <source>Save &amp;as…</source>
        <translation>Salva c&amp;ome…</translation>
    </message>
    <message>
        <source>Save as</source>
        <translation>Salva come</translation>
    </message>
    <message>
        <source>Save as a new layout</source>
        <translation>Salva come nuova disposizione</translation>
    </message>
    <message>
        <source>Save the loop that plays</source>
        <translation>Salva il loop che suona</translation>
    </message>
    <message>
        <source>Save the loop that plays as an audio file</source>
        <translation>Salva il loop che suona in un file audio</translation>
    </message>
    <message>
        <source>Save what was made</source>
        <translation>Salva ciò che è stato fatto</translation>
    </message>
    <message>
        <source>Saved and decoded again: {names}</source>
        <translation>Salvati e decodificati di nuovo: {names}</translation>
    </message>
    <message>
        <source>Saved as {path}</source>
        <translation>Salvato in {path}</translation>
    </message>
    <message>
        <source>Saved beside the loop: the parts, in “{folder}”</source>
        <translation>Salvato accanto al loop: le parti, in “{folder}”</translation>
    </message>
    <message>
        <source>Saved beside the loop: {midi}</source>
        <translation>Salvato accanto al loop: {midi}</translation>
    </message>
    <message>
        <source>Saved beside the loop: {midi}, and the parts in “{folder}”</source>
        <translation>Salvato accanto al loop: {midi}, e le parti in “{folder}”</translation>
    </message>
    <message>
        <source>Saved the parts in {path}</source>
        <translation>Salvate le parti in {path}</translation>
    </message>
    <message>
        <source>Saved {path}</source>
        <translation>Salvato {path}</translation>
    </message>
    <message>
        <source>saw</source>
        <translation>dente di sega</translation>
    </message>
    <message>
        <source>saxophone</source>
        <translation>sassofono</translation>
    </message>
    <message>
        <source>say in SETUP, or with --set addresses=… at a terminal, where it is, as 192.168.1.20:8420; “infiniloop serve” is what runs there</source>
        <translation>di’ in SETUP, o con --set addresses=… in un terminale, dov’è, come 192.168.1.20:8420; là gira “infiniloop serve”</translation>
    </message>
    <message>
        <source>Say what each layer plays</source>
        <translation>Di' che cosa suona ogni strato</translation>
    </message>
    <message>
        <source>Say what plays, what is being made, where the sound goes and what went wrong</source>
        <translation>Di' che cosa suona, che cosa si sta creando, dove va il suono e che cosa non è riuscito</translation>
    </message>
    <message>
        <source>Say what you want to hear</source>
        <translation>Di’ che cosa vuoi sentire</translation>
    </message>
    <message>
        <source>Scenes</source>
        <translation>Scene</translation>
    </message>
    <message>
        <source>Score</source>
        <translation>Punteggio</translation>
    </message>
    <message>
        <source>score</source>
        <translation>punteggio</translation>
    </message>
    <message>
        <source>Score map</source>
        <translation>Mappa</translation>
    </message>
    <message>
        <source>Seam</source>
        <translation>Giuntura</translation>
    </message>
    <message>
        <source>Seam at sample level</source>
        <translation>Giuntura al livello dei campioni</translation>
    </message>
    <message>
        <source>Seam louder than {share} of its own beats</source>
        <translation>Giuntura più forte del {share} dei suoi beat</translation>
    </message>
    <message>
        <source>Seam louder than {share} of its own notes</source>
        <translation>Giuntura più forte del {share} delle sue note</translation>
    </message>
    <message>
        <source>Seam proof</source>
        <translation>Prova della giuntura</translation>
    </message>
    <message>
        <source>Seam quieter than all of its own beats</source>
        <translation>Giuntura più tenue di ogni suo beat</translation>
    </message>
    <message>
        <source>Seam quieter than all of its own notes</source>
        <translation>Giuntura più tenue di ogni sua nota</translation>
    </message>
    <message>
        <source>seam quieter than {percent} % of its beats</source>
        <translation>giunzione più debole del {percent} % dei suoi beat</translation>
    </message>
    <message>
        <source>Seam quieter than {share} of its own beats</source>
        <translation>Giuntura più tenue del {share} dei suoi beat</translation>
    </message>
    <message>
        <source>Seam quieter than {share} of its own notes</source>
        <translation>Giuntura più tenue del {share} delle sue note</translation>
    </message>
    <message>
        <source>Seconds after which a machine that does not answer is left out</source>
        <translation>Secondi dopo i quali una macchina che non risponde viene esclusa</translation>
    </message>
    <message>
        <source>Seconds from the begin of one fragment to the begin of the next</source>
        <translation>Secondi dall’inizio di un frammento all’inizio del successivo</translation>
    </message>
    <message>
        <source>Seconds of computing for a second of music from which on a machine is too slow, and left out</source>
        <translation>Secondi di calcolo per un secondo di musica oltre i quali una macchina è troppo lenta, e viene esclusa</translation>
    </message>
    <message>
        <source>Seconds of making for each second of music, usually</source>
        <translation>Secondi di lavoro per ogni secondo di musica, di solito</translation>
    </message>
    <message>
        <source>See the loop</source>
        <translation>Guarda il loop</translation>
    </message>
    <message>
        <source>See what comes</source>
        <translation>Guarda che cosa arriva</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Seed</translation>
    </message>
    <message>
        <source>seed</source>
        <translation>seed</translation>
    </message>
    <message>
        <source>seed {seed}</source>
        <translation>seed {seed}</translation>
    </message>
    <message>
        <source>Send MIDI clock</source>
        <translation>Manda il clock MIDI</translation>
    </message>
    <message>
        <source>Send tempo, start, stop and place to other programs and machines, in step with what is heard</source>
        <translation>Manda tempo, avvio, arresto e posizione ad altri programmi e macchine, a tempo con ciò che si sente</translation>
    </message>
    <message>
        <source>Sent to “{device}”. Not heard? Turn up the system's volume and the loudspeakers, or choose another device.</source>
        <translation>Inviato a “{device}”. Non si sente? Alza il volume del sistema e degli altoparlanti, o scegli un altro dispositivo.</translation>
    </message>
    <message>
        <source>Serve a page for a tablet on stage, on which fragments are asked for; its address is in the panel</source>
        <translation>Offri una pagina per un tablet sul palco, da cui si chiedono frammenti; l’indirizzo è nel pannello</translation>
    </message>
    <message>
        <source>Set all as it is set in the Generate panel</source>
        <translation>Imposta tutto com’è nel pannello Genera</translation>
    </message>
    <message>
        <source>Set by hand.</source>
        <translation>Scelto a mano.</translation>
    </message>
    <message>
        <source>Set how much each metric counts in the total, and so in the order of the candidates</source>
        <translation>Imposta quanto conta ogni metrica nel totale, e quindi nell'ordine dei candidati</translation>
    </message>
    <message>
        <source>Set up</source>
        <translation>Installa</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Impostazioni</translation>
    </message>
    <message>
        <source>Settings of fragments</source>
        <translation>Impostazioni dei frammenti</translation>
    </message>
    <message>
        <source>Settings of the generator on the other machine, as “energy=0.5, space=-0.2”; empty leaves all as it is there</source>
        <translation>Impostazioni del generatore sull’altra macchina, come “energy=0.5, space=-0.2”; vuoto lascia tutto com’è là</translation>
    </message>
    <message>
        <source>Settings there</source>
        <translation>Impostazioni là</translation>
    </message>
    <message>
        <source>Settings…</source>
        <translation>Impostazioni…</translation>
    </message>
    <message>
        <source>Shape of the wah</source>
        <translation>Forma del wah</translation>
    </message>
    <message>
        <source>Shift</source>
        <translation>Shift</translation>
    </message>
    <message>
        <source>short</source>
        <translation>quando è poca</translation>
    </message>
    <message>
        <source>Short sounds that your own program plays, in files that are overwritten in a circle.</source>
        <translation>Suoni brevi che un tuo programma suona, in file sovrascritti in cerchio.</translation>
    </message>
    <message>
        <source>Short: sharp in time</source>
        <translation>Breve: nitida nel tempo</translation>
    </message>
    <message>
        <source>shortest loop, s</source>
        <translation>loop più corto, s</translation>
    </message>
    <message>
        <source>Show me &amp;around</source>
        <translation>&amp;Fammi da guida</translation>
    </message>
    <message>
        <source>Show the chords</source>
        <translation>Mostra gli accordi</translation>
    </message>
    <message>
        <source>Show the difference</source>
        <translation>Mostra la differenza</translation>
    </message>
    <message>
        <source>Show the effects</source>
        <translation>Mostra gli effetti</translation>
    </message>
    <message>
        <source>Show the effects of all layers together</source>
        <translation>Mostra gli effetti di tutti gli strati insieme</translation>
    </message>
    <message>
        <source>Show the effects of this layer (F on its strip)</source>
        <translation>Mostra gli effetti di questo strato (F sulla sua striscia)</translation>
    </message>
    <message>
        <source>Show the gains</source>
        <translation>Mostra i guadagni</translation>
    </message>
    <message>
        <source>Show the notes</source>
        <translation>Mostra le note</translation>
    </message>
    <message>
        <source>Show the rendered loop</source>
        <translation>Mostra il loop risultante</translation>
    </message>
    <message>
        <source>Show the weights</source>
        <translation>Mostra i pesi</translation>
    </message>
    <message>
        <source>Show the whole mix again, with all its loops</source>
        <translation>Mostra di nuovo tutto il mix, con tutti i suoi loop</translation>
    </message>
    <message>
        <source>Show what comes in</source>
        <translation>Mostra ciò che entra</translation>
    </message>
    <message>
        <source>Show what else can be set of this generator</source>
        <translation>Mostra cos’altro si può impostare di questo generatore</translation>
    </message>
    <message>
        <source>Show what goes out</source>
        <translation>Mostra ciò che esce</translation>
    </message>
    <message>
        <source>silent</source>
        <translation>silenzio</translation>
    </message>
    <message>
        <source>simple</source>
        <translation>semplice</translation>
    </message>
    <message>
        <source>sine</source>
        <translation>sinusoide</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Spazio</translation>
    </message>
    <message>
        <source>slap bass</source>
        <translation>basso slap</translation>
    </message>
    <message>
        <source>Sleep</source>
        <translation>Timer</translation>
    </message>
    <message>
        <source>Sleep fade</source>
        <translation>Sfumatura finale</translation>
    </message>
    <message>
        <source>Sleep timer</source>
        <translation>Timer di spegnimento</translation>
    </message>
    <message>
        <source>sleigh</source>
        <translation>sonagli</translation>
    </message>
    <message>
        <source>sleigh bells</source>
        <translation>sonagli</translation>
    </message>
    <message>
        <source>slope {value}</source>
        <translation>pendenza {value}</translation>
    </message>
    <message>
        <source>Slot {number}</source>
        <translation>Slot {number}</translation>
    </message>
    <message>
        <source>Slot {number} is frozen: release it first.</source>
        <translation>Lo slot {number} è congelato: prima liberalo.</translation>
    </message>
    <message>
        <source>Slot {number} of {layer}: {title}</source>
        <translation>Slot {number}, {layer}: {title}</translation>
    </message>
    <message>
        <source>Slots</source>
        <translation>Slot</translation>
    </message>
    <message>
        <source>slow</source>
        <translation>lento</translation>
    </message>
    <message>
        <source>Slowest</source>
        <translation>La più lenta</translation>
    </message>
    <message>
        <source>Slows to a stand, and is back at a beat</source>
        <translation>Rallenta fino a fermarsi, e ritorna a un beat</translation>
    </message>
    <message>
        <source>small group</source>
        <translation>piccolo gruppo</translation>
    </message>
    <message>
        <source>Small window</source>
        <translation>Finestra piccola</translation>
    </message>
    <message>
        <source>Smooth</source>
        <translation>Morbida</translation>
    </message>
    <message>
        <source>smooth</source>
        <translation>morbida</translation>
    </message>
    <message>
        <source>snap</source>
        <translation>schiocco di dita</translation>
    </message>
    <message>
        <source>Snap the edges</source>
        <translation>Aggancia i bordi</translation>
    </message>
    <message>
        <source>snaps</source>
        <translation>schiocchi di dita</translation>
    </message>
    <message>
        <source>snare</source>
        <translation>rullante</translation>
    </message>
    <message>
        <source>solo</source>
        <translation>solo</translation>
    </message>
    <message>
        <source>Solo</source>
        <translation>Solo</translation>
    </message>
    <message>
        <source>Solo {layer}</source>
        <translation>In solo: {layer}</translation>
    </message>
    <message>
        <source>Somebody is there; the tempo has not settled yet.</source>
        <translation>C’è qualcuno; il tempo non si è ancora stabilizzato.</translation>
    </message>
    <message>
        <source>Something went wrong: {detail}.</source>
        <translation>Qualcosa è andato storto: {detail}.</translation>
    </message>
    <message>
        <source>SOUND</source>
        <translation>SUONO</translation>
    </message>
    <message>
        <source>Sound</source>
        <translation>Suono</translation>
    </message>
    <message>
        <source>Sound cannot be played on “{device}”: {detail}.</source>
        <translation>Non si può suonare su “{device}”: {detail}.</translation>
    </message>
    <message>
        <source>Sound file</source>
        <translation>File audio</translation>
    </message>
    <message>
        <source>Sound goes on silently: “{device}” is gone</source>
        <translation>La musica va avanti in silenzio: “{device}” non c'è più</translation>
    </message>
    <message>
        <source>Sound is back after {seconds} s</source>
        <translation>Il suono è tornato dopo {seconds} s</translation>
    </message>
    <message>
        <source>SoundFont</source>
        <translation>SoundFont</translation>
    </message>
    <message>
        <source>Sounds</source>
        <translation>Suoni</translation>
    </message>
    <message>
        <source>sounds</source>
        <translation>dei suoni</translation>
    </message>
    <message>
        <source>Sounds (*.wav *.flac *.ogg)</source>
        <translation>Suoni (*.wav *.flac *.ogg)</translation>
    </message>
    <message>
        <source>Space</source>
        <translation>Spazio</translation>
    </message>
    <message>
        <source>Space pauses · N next · P back</source>
        <translation>Spazio pausa · N avanti · P indietro</translation>
    </message>
    <message>
        <source>spacious</source>
        <translation>spazioso</translation>
    </message>
    <message>
        <source>Spare the card’s memory</source>
        <translation>Risparmia la memoria della scheda</translation>
    </message>
    <message>
        <source>sparse</source>
        <translation>rado</translation>
    </message>
    <message>
        <source>Spectral</source>
        <translation>Spettro</translation>
    </message>
    <message>
        <source>spectral</source>
        <translation>spettro</translation>
    </message>
    <message>
        <source>Spectrogram</source>
        <translation>Spettrogramma</translation>
    </message>
    <message>
        <source>Spectrum at the seam</source>
        <translation>Spettro alla giuntura</translation>
    </message>
    <message>
        <source>Spectrum of what is heard</source>
        <translation>Spettro di ciò che si sente</translation>
    </message>
    <message>
        <source>split</source>
        <translation>diviso</translation>
    </message>
    <message>
        <source>Spring</source>
        <translation>Molla</translation>
    </message>
    <message>
        <source>square</source>
        <translation>onda quadra</translation>
    </message>
    <message>
        <source>St&amp;yle from the mix</source>
        <translation>Stile dal mi&amp;x</translation>
    </message>
    <message>
        <source>Stability AI Community: commercial use is free below a yearly revenue of a million US dollars</source>
        <translation>Stability AI Community: uso commerciale libero sotto un milione di dollari USA di ricavi annui</translation>
    </message>
    <message>
        <source>Stability AI Community: commercial use is free below a yearly revenue of a million US dollars; its text encoder has Google’s Gemma terms</source>
        <translation>Stability AI Community: uso commerciale libero sotto un milione di dollari USA di ricavi annui; il codificatore del testo ha le condizioni Gemma di Google</translation>
    </message>
    <message>
        <source>Stable Audio 3</source>
        <translation>Stable Audio 3</translation>
    </message>
    <message>
        <source>Stable Audio Open</source>
        <translation>Stable Audio Open</translation>
    </message>
    <message>
        <source>Stable Audio Open small</source>
        <translation>Stable Audio Open small</translation>
    </message>
    <message>
        <source>stabs</source>
        <translation>stab</translation>
    </message>
    <message>
        <source>Standard output cannot be written ({detail}): have it go to another place.</source>
        <translation>Sull'uscita standard non si può scrivere ({detail}): falla andare altrove.</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Avvia</translation>
    </message>
    <message>
        <source>Start and stop together with all who share that by Link</source>
        <translation>Avvio e arresto insieme a tutti quelli che li condividono con Link</translation>
    </message>
    <message>
        <source>Start and stop with Link</source>
        <translation>Avvio e arresto con Link</translation>
    </message>
    <message>
        <source>start at sample {n}</source>
        <translation>inizio al campione {n}</translation>
    </message>
    <message>
        <source>start at {s:.3f} s</source>
        <translation>inizio a {s:.3f} s</translation>
    </message>
    <message>
        <source>Start the jam</source>
        <translation>Avvia la jam</translation>
    </message>
    <message>
        <source>Start the next loop at the tempo of the one that plays, beat on beat, and ease it to its own; where the tempos are near enough (SETUP)</source>
        <translation>Fa partire il prossimo loop al tempo di quello che suona, beat su beat, e lo porta piano al suo; se i tempi sono abbastanza vicini (SETUP)</translation>
    </message>
    <message>
        <source>Start with the first bar (Space)</source>
        <translation>Comincia dalla prima battuta (Spazio)</translation>
    </message>
    <message>
        <source>Start, or Space, has drums and instruments made, and plays them from the same bar on. Tempo, key and metre stand beside it: every loop follows them.</source>
        <translation>Avvia, o Spazio, fa comporre batteria e strumenti e li suona dalla stessa battuta. Accanto ci sono tempo, tonalità e metro: ogni loop li segue.</translation>
    </message>
    <message>
        <source>starter loop</source>
        <translation>loop di avvio</translation>
    </message>
    <message>
        <source>starting</source>
        <translation>avvio</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Stato</translation>
    </message>
    <message>
        <source>State of the radio</source>
        <translation>Stato della radio</translation>
    </message>
    <message>
        <source>Station</source>
        <translation>Stazione</translation>
    </message>
    <message>
        <source>Stations (*.toml)</source>
        <translation>Stazioni (*.toml)</translation>
    </message>
    <message>
        <source>Statistics of this machine</source>
        <translation>Statistiche di questa macchina</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>Stato</translation>
    </message>
    <message>
        <source>stay</source>
        <translation>resta</translation>
    </message>
    <message>
        <source>Stay on this loop until it is let go</source>
        <translation>Resta su questo loop finché non lo lasci</translation>
    </message>
    <message>
        <source>steel guitar</source>
        <translation>chitarra acustica</translation>
    </message>
    <message>
        <source>Stems of the layers</source>
        <translation>Stem degli strati</translation>
    </message>
    <message>
        <source>Step of the wave at the seam</source>
        <translation>Gradino dell’onda alla giuntura</translation>
    </message>
    <message>
        <source>Step {n} of the gate</source>
        <translation>Passo {n} del gate</translation>
    </message>
    <message>
        <source>step {step}</source>
        <translation>gradino {step}</translation>
    </message>
    <message>
        <source>step {value}</source>
        <translation>gradino {value}</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>Passi</translation>
    </message>
    <message>
        <source>Stereo image</source>
        <translation>Immagine stereo</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Ferma</translation>
    </message>
    <message>
        <source>Stop making</source>
        <translation>Smetti di creare</translation>
    </message>
    <message>
        <source>Stop the jam</source>
        <translation>Ferma la jam</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>Fermato</translation>
    </message>
    <message>
        <source>Stops short, and is back with the next quarter of a beat</source>
        <translation>Si ferma di colpo, e ritorna al prossimo quarto di beat</translation>
    </message>
    <message>
        <source>straight</source>
        <translation>senza swing</translation>
    </message>
    <message>
        <source>stretch</source>
        <translation>stirarla</translation>
    </message>
    <message>
        <source>Stretch to fit</source>
        <translation>Stirarla a misura</translation>
    </message>
    <message>
        <source>stretched to the tempo, speed</source>
        <translation>stirata fino al tempo, velocità</translation>
    </message>
    <message>
        <source>stretched, {by} %</source>
        <translation>stirata, {by} %</translation>
    </message>
    <message>
        <source>strings</source>
        <translation>archi</translation>
    </message>
    <message>
        <source>Studio</source>
        <translation>Studio</translation>
    </message>
    <message>
        <source>Stutter {n}</source>
        <translation>Stutter {n}</translation>
    </message>
    <message>
        <source>Style</source>
        <translation>Stile</translation>
    </message>
    <message>
        <source>Style and values of {layer}</source>
        <translation>Stile e valori di {layer}</translation>
    </message>
    <message>
        <source>Style from the mix</source>
        <translation>Stile dal mix</translation>
    </message>
    <message>
        <source>surf guitar</source>
        <translation>chitarra surf</translation>
    </message>
    <message>
        <source>swap at the bar</source>
        <translation>scambio alla battuta</translation>
    </message>
    <message>
        <source>swap at the beat</source>
        <translation>scambio al beat</translation>
    </message>
    <message>
        <source>swap at the loop’s end</source>
        <translation>scambio a fine loop</translation>
    </message>
    <message>
        <source>Swap several layers together: a scene is what lies in the slots of one number (S)</source>
        <translation>Cambia più strati insieme: una scena è ciò che sta negli slot dello stesso numero (S)</translation>
    </message>
    <message>
        <source>Swap the basses</source>
        <translation>Scambia i bassi</translation>
    </message>
    <message>
        <source>Sweeps the low-pass around where it is set, in step with the beats (W)</source>
        <translation>Fa oscillare il passa-basso attorno a dove sta, a tempo con i beat (W)</translation>
    </message>
    <message>
        <source>synth bass</source>
        <translation>basso synth</translation>
    </message>
    <message>
        <source>synth lead</source>
        <translation>lead synth</translation>
    </message>
    <message>
        <source>synth pluck</source>
        <translation>pluck synth</translation>
    </message>
    <message>
        <source>Synthesised</source>
        <translation>Sintetizzati</translation>
    </message>
    <message>
        <source>synthesised</source>
        <translation>sintetizzati</translation>
    </message>
    <message>
        <source>System</source>
        <translation>Sistema</translation>
    </message>
    <message>
        <source>System default</source>
        <translation>Predefinito</translation>
    </message>
    <message>
        <source>tag</source>
        <translation>tag</translation>
    </message>
    <message>
        <source>Take it with you</source>
        <translation>Portalo con te</translation>
    </message>
    <message>
        <source>Take sound in</source>
        <translation>Prendi il suono</translation>
    </message>
    <message>
        <source>Take the &amp;tour</source>
        <translation>Fai il &amp;giro</translation>
    </message>
    <message>
        <source>Take this name</source>
        <translation>Usa questo nome</translation>
    </message>
    <message>
        <source>taken</source>
        <translation>preso</translation>
    </message>
    <message>
        <source>Takes</source>
        <translation>Richiede</translation>
    </message>
    <message>
        <source>Takes are kept</source>
        <translation>Riprese conservate</translation>
    </message>
    <message>
        <source>Takes away what is higher than this; at the right it is off</source>
        <translation>Toglie ciò che è più acuto; a destra è spento</translation>
    </message>
    <message>
        <source>Takes away what is lower than this; at the left it is off</source>
        <translation>Toglie ciò che è più grave; a sinistra è spento</translation>
    </message>
    <message>
        <source>Takes hold at most</source>
        <translation>Le riprese occupano al più</translation>
    </message>
    <message>
        <source>Takes made so far stay where they are.</source>
        <translation>Le riprese fatte finora restano dove sono.</translation>
    </message>
    <message>
        <source>Takes now: {n}, {used:.2f} GB of {limit:.1f} GB.</source>
        <translation>Riprese ora: {n}, {used:.2f} GB su {limit:.1f} GB.</translation>
    </message>
    <message>
        <source>Takes that are gone from the trash for good: {n}</source>
        <translation>Riprese che non sono più nel cestino: {n}</translation>
    </message>
    <message>
        <source>Takes, newest first</source>
        <translation>Riprese, dalla più recente</translation>
    </message>
    <message>
        <source>tambourine</source>
        <translation>tamburello</translation>
    </message>
    <message>
        <source>Tap</source>
        <translation>Tap</translation>
    </message>
    <message>
        <source>Tap the tempo</source>
        <translation>Batti il tempo</translation>
    </message>
    <message>
        <source>tape</source>
        <translation>nastro</translation>
    </message>
    <message>
        <source>Tape stop</source>
        <translation>Tape stop</translation>
    </message>
    <message>
        <source>Temperature</source>
        <translation>Temperatura</translation>
    </message>
    <message>
        <source>Tempo</source>
        <translation>Tempo</translation>
    </message>
    <message>
        <source>tempo asked for, bpm</source>
        <translation>tempo richiesto, bpm</translation>
    </message>
    <message>
        <source>Tempo of the jam</source>
        <translation>Tempo della jam</translation>
    </message>
    <message>
        <source>tempo of the loop, bpm</source>
        <translation>tempo del loop, bpm</translation>
    </message>
    <message>
        <source>Tempo reach</source>
        <translation>Scarto di tempo</translation>
    </message>
    <message>
        <source>tempo reach</source>
        <translation>divario di tempo</translation>
    </message>
    <message>
        <source>tempo {begun} → {own} bpm</source>
        <translation>tempo {begun} → {own} bpm</translation>
    </message>
    <message>
        <source>tempo, bpm</source>
        <translation>tempo, bpm</translation>
    </message>
    <message>
        <source>tense</source>
        <translation>teso</translation>
    </message>
    <message>
        <source>Test &amp;tone</source>
        <translation>Suono di p&amp;rova</translation>
    </message>
    <message>
        <source>Test tone</source>
        <translation>Suono di prova</translation>
    </message>
    <message>
        <source>Text size</source>
        <translation>Dimensione del testo</translation>
    </message>
    <message>
        <source>Text size and language take effect at the next start.</source>
        <translation>Dimensione del testo e lingua valgono dal prossimo avvio.</translation>
    </message>
    <message>
        <source>That is longer than a loop plays at least, so loops will play on until one is there.</source>
        <translation>È più del minimo ascolto di un loop: i loop continueranno finché non ce n’è una.</translation>
    </message>
    <message>
        <source>that machine’s own</source>
        <translation>quello di quella macchina</translation>
    </message>
    <message>
        <source>The address as a QR code</source>
        <translation>L’indirizzo come codice QR</translation>
    </message>
    <message>
        <source>The address stands here while the radio is on the air</source>
        <translation>L’indirizzo sta qui mentre la radio è in onda</translation>
    </message>
    <message>
        <source>The band</source>
        <translation>La band</translation>
    </message>
    <message>
        <source>The band gets ready…</source>
        <translation>La band si prepara…</translation>
    </message>
    <message>
        <source>The bars are {ms} ms off.</source>
        <translation>Le battute sono spostate di {ms} ms.</translation>
    </message>
    <message>
        <source>The built-in composer is always there and needs nothing. Neural models can play too: Models in the menu (Ctrl+G) brings what they need, and the Generate panel has them to choose.</source>
        <translation>Il compositore interno c’è sempre e non ha bisogno di nulla. Possono suonare anche modelli neurali: Modelli nel menu (Ctrl+G) porta ciò che serve loro, e si scelgono nel pannello Genera.</translation>
    </message>
    <message>
        <source>The cache all programs share</source>
        <translation>La cache di tutti i programmi</translation>
    </message>
    <message>
        <source>The card tells what you hear. The next loop is made meanwhile: music in hand says how long it would go on without it.</source>
        <translation>La scheda dice che cosa senti. Intanto nasce il prossimo loop: la musica pronta dice quanto si andrebbe avanti senza.</translation>
    </message>
    <message>
        <source>The clip cannot be used: {detail}.</source>
        <translation>La clip non si può usare: {detail}.</translation>
    </message>
    <message>
        <source>The clip has {n_channels} channels and at most {limit} can be played: mix it down first.</source>
        <translation>La clip ha {n_channels} canali e se ne possono suonare al massimo {limit}: riducila prima.</translation>
    </message>
    <message>
        <source>The clip holds no samples: choose another.</source>
        <translation>La clip è vuota: scegline un’altra.</translation>
    </message>
    <message>
        <source>The clip holds {n_bad} samples that are not numbers (NaN or infinite): choose another.</source>
        <translation>La clip ha {n_bad} campioni che non sono numeri (NaN o infinito): scegline un’altra.</translation>
    </message>
    <message>
        <source>The clip is silent (its peak is {peak_db:.0f} dBFS): choose another.</source>
        <translation>La clip è muta (il suo picco è {peak_db:.0f} dBFS): scegline un’altra.</translation>
    </message>
    <message>
        <source>The clip is silent (its samples stand still at {offset:.2g} of full scale): choose another.</source>
        <translation>La clip è muta (i suoi campioni stanno fermi a {offset:.2g} del fondo scala): scegline un’altra.</translation>
    </message>
    <message>
        <source>The clip lasts {duration_s:.2f} s and at least {minimum_s:.2f} s are needed to find a loop in it.</source>
        <translation>La clip dura {duration_s:.2f} s e ne servono almeno {minimum_s:.2f} per trovarvi un loop.</translation>
    </message>
    <message>
        <source>The clip that plays is drawn here.</source>
        <translation>Qui viene mostrata la clip che suona.</translation>
    </message>
    <message>
        <source>The clip's own</source>
        <translation>Quella della clip</translation>
    </message>
    <message>
        <source>The clip's own end</source>
        <translation>La fine propria della clip</translation>
    </message>
    <message>
        <source>The clip's spectrogram is drawn here.</source>
        <translation>Qui viene mostrato lo spettrogramma della clip.</translation>
    </message>
    <message>
        <source>The colours in which the spectrogram shows what is quiet and what is loud</source>
        <translation>I colori con cui lo spettrogramma mostra ciò che è piano e ciò che è forte</translation>
    </message>
    <message>
        <source>The colours of the window: dark, light, or black and white with strong outlines</source>
        <translation>I colori della finestra: scuri, chiari, o bianco e nero con contorni marcati</translation>
    </message>
    <message>
        <source>The composer bridges the time until one is there.</source>
        <translation>Il compositore fa da ponte finché non ce n’è una.</translation>
    </message>
    <message>
        <source>The connection to {machine} was lost and did not come back: {detail}.</source>
        <translation>Il collegamento con {machine} si è perso e non è tornato: {detail}.</translation>
    </message>
    <message>
        <source>the connection was cut</source>
        <translation>la connessione è caduta</translation>
    </message>
    <message>
        <source>The course of a sweep</source>
        <translation>L’andamento di un’oscillazione</translation>
    </message>
    <message>
        <source>the data folder</source>
        <translation>la cartella dei dati</translation>
    </message>
    <message>
        <source>The disk of the library “{path}” is nearly full ({gigabytes:.1f} GB are free): free some space, or let the takes hold less in SETUP → Room.</source>
        <translation>Il disco della libreria “{path}” è quasi pieno (liberi {gigabytes:.1f} GB): libera spazio, o lascia meno spazio alle riprese in SETUP → Spazio.</translation>
    </message>
    <message>
        <source>The edge that arrows and buttons move ({key} in the plot)</source>
        <translation>Il bordo che frecce e pulsanti spostano ({key} nel grafico)</translation>
    </message>
    <message>
        <source>The exact overlap: type a number and Enter</source>
        <translation>La sovrapposizione esatta: scrivi un numero e Invio</translation>
    </message>
    <message>
        <source>The file with the sampled instruments; empty looks for one in the usual places</source>
        <translation>Il file con gli strumenti campionati; vuoto ne cerca uno nei soliti posti</translation>
    </message>
    <message>
        <source>The files of “{name}” are right</source>
        <translation>I file di “{name}” sono a posto</translation>
    </message>
    <message>
        <source>The first bar of the part</source>
        <translation>La prima battuta della parte</translation>
    </message>
    <message>
        <source>The first {n} sounds are taken, {more} more are left out</source>
        <translation>Si prendono i primi {n} suoni, altri {more} restano fuori</translation>
    </message>
    <message>
        <source>The folder in which output01.wav and so on are overwritten in a circle; what was made stays in its archive</source>
        <translation>La cartella in cui output01.wav e seguenti sono sovrascritti in cerchio; ciò che è stato creato resta nel suo archivio</translation>
    </message>
    <message>
        <source>the folder is read-only</source>
        <translation>la cartella è di sola lettura</translation>
    </message>
    <message>
        <source>the folder of fragments</source>
        <translation>la cartella dei frammenti</translation>
    </message>
    <message>
        <source>The gains along the overlap: grey goes out, green comes in</source>
        <translation>I guadagni lungo la sovrapposizione: il grigio esce, il verde entra</translation>
    </message>
    <message>
        <source>The generator of this loop does not give its parts</source>
        <translation>Il generatore di questo loop non ne dà le parti</translation>
    </message>
    <message>
        <source>The generator of this loop does not tell its notes</source>
        <translation>Il generatore di questo loop non ne dice le note</translation>
    </message>
    <message>
        <source>The highest true peak while panels were shown, amber above −1 dBTP; press to begin anew</source>
        <translation>Il picco reale più alto con i pannelli in vista, ambra sopra −1 dBTP; premi per ricominciare</translation>
    </message>
    <message>
        <source>The input</source>
        <translation>L’ingresso</translation>
    </message>
    <message>
        <source>The input is not heard any more, as it was about to howl: use headphones, or turn it down.</source>
        <translation>L’ingresso non si sente più, perché stava per fischiare: usa le cuffie, o abbassalo.</translation>
    </message>
    <message>
        <source>The intro and as many turns as last so long, to the sample, with a fade at the end.</source>
        <translation>L’introduzione e tanti giri quanti durano così, al campione, con una dissolvenza alla fine.</translation>
    </message>
    <message>
        <source>The intro, the loop as often as you like, then a fade or the clip's own end.</source>
        <translation>L’introduzione, il loop quante volte vuoi, poi una dissolvenza o la fine propria della clip.</translation>
    </message>
    <message>
        <source>The jam</source>
        <translation>La jam</translation>
    </message>
    <message>
        <source>The jam follows nobody.</source>
        <translation>La jam non segue nessuno.</translation>
    </message>
    <message>
        <source>The jam is here without {count} of its loops. {detail} Put back what is missing, and open it again.</source>
        <translation>La jam è qui senza {count} dei suoi loop. {detail} Rimetti ciò che manca e riaprila.</translation>
    </message>
    <message>
        <source>The jam is kept in {folder}</source>
        <translation>La jam è conservata in {folder}</translation>
    </message>
    <message>
        <source>The jam is open: {folder}</source>
        <translation>La jam è aperta: {folder}</translation>
    </message>
    <message>
        <source>The jam is recorded from bar {bar} on, silent until its first loops are there: {file}</source>
        <translation>La jam si registra dalla battuta {bar}, in silenzio finché non ci sono i primi loop: {file}</translation>
    </message>
    <message>
        <source>The jam is recorded from bar {bar} on: {file}</source>
        <translation>La jam si registra dalla battuta {bar}: {file}</translation>
    </message>
    <message>
        <source>The jam is recorded to {path}; press to end it with the bar that plays</source>
        <translation>La jam si registra in {path}; premi per terminare con la battuta che suona</translation>
    </message>
    <message>
        <source>The key of each clip, whatever the prompt says</source>
        <translation>La tonalità di ogni clip, qualunque cosa dica il prompt</translation>
    </message>
    <message>
        <source>The key of what is made from now on</source>
        <translation>La tonalità di ciò che si crea d’ora in poi</translation>
    </message>
    <message>
        <source>The key that each clip is to have: the model is told in words, and may not keep to them</source>
        <translation>La tonalità che deve avere ogni clip: al modello si dice a parole, e può non tenerne conto</translation>
    </message>
    <message>
        <source>The kind of file that SALVA offers first</source>
        <translation>Il tipo di file che SALVA propone per primo</translation>
    </message>
    <message>
        <source>The language in which the words are sung</source>
        <translation>La lingua in cui si cantano le parole</translation>
    </message>
    <message>
        <source>The language of the window</source>
        <translation>La lingua della finestra</translation>
    </message>
    <message>
        <source>The largest jump of the wave at the seam, over the largest of the music around: up to 1 is usual.</source>
        <translation>Il salto più grande dell’onda alla giuntura, rispetto al più grande della musica attorno: fino a 1 è normale.</translation>
    </message>
    <message>
        <source>The last bar of the part</source>
        <translation>L'ultima battuta della parte</translation>
    </message>
    <message>
        <source>The latency cannot be told, as {detail}: {way_out}.</source>
        <translation>La latenza non si può dire, perché {detail}: {way_out}.</translation>
    </message>
    <message>
        <source>The layer of the jam that phrases are recorded into</source>
        <translation>Lo strato della jam in cui si registrano le frasi</translation>
    </message>
    <message>
        <source>The library “{path}” is not there any more, perhaps its disk is not connected: connect it, or choose another folder in SETUP → Folders; until then the last few takes wait in memory.</source>
        <translation>La libreria “{path}” non c'è più, forse il suo disco non è collegato: collegalo, o scegli un'altra cartella in SETUP → Cartelle; fino ad allora le ultime riprese aspettano in memoria.</translation>
    </message>
    <message>
        <source>The line was not understood: {detail}.</source>
        <translation>La riga non è stata capita: {detail}.</translation>
    </message>
    <message>
        <source>The longest loop that is looked for in a clip, and never less than the shortest</source>
        <translation>Il loop più lungo che si cerca in una clip, mai meno del più corto</translation>
    </message>
    <message>
        <source>The loop as WAV of 24 bits that tells its tempo and bars; intro and outro beside it.</source>
        <translation>Il loop come WAV a 24 bit che dice tempo e battute; accanto, introduzione e coda.</translation>
    </message>
    <message>
        <source>the loop is</source>
        <translation>il loop è</translation>
    </message>
    <message>
        <source>the loop is no longer</source>
        <translation>il loop non è più lungo</translation>
    </message>
    <message>
        <source>the loop is the whole clip, and only the step at its end is smoothed</source>
        <translation>il loop è tutta la clip, e si smussa solo il salto alla sua fine</translation>
    </message>
    <message>
        <source>The loop lasts {seconds:.1f} s: a seam can be mended in loops of {least_s:g} s or more.</source>
        <translation>Il loop dura {seconds:.1f} s: una giuntura si può rammendare in loop di {least_s:g} s o più.</translation>
    </message>
    <message>
        <source>The loop of {layer} after</source>
        <translation>Il loop dopo: {layer}</translation>
    </message>
    <message>
        <source>The loop of {layer} before</source>
        <translation>Il loop prima: {layer}</translation>
    </message>
    <message>
        <source>The loop that plays was chosen with a seam of {seconds:.1f} s, which it has, longer than asked.</source>
        <translation>Il loop in ascolto è stato scelto con una giuntura di {seconds:.1f} s, che ha: più lunga di quella chiesta.</translation>
    </message>
    <message>
        <source>The looper</source>
        <translation>Il looper</translation>
    </message>
    <message>
        <source>The loops found in the clip are listed here.</source>
        <translation>Qui sono elencati i loop trovati nella clip.</translation>
    </message>
    <message>
        <source>The meter shows what is sent to the device while the test tone is heard.</source>
        <translation>Il misuratore mostra ciò che arriva al dispositivo mentre si sente il suono di prova.</translation>
    </message>
    <message>
        <source>The metre of each clip, whatever the prompt says; in 6/8 the tempo counts eighths</source>
        <translation>Il metro di ogni clip, qualunque cosa dica il prompt; in 6/8 il tempo conta gli ottavi</translation>
    </message>
    <message>
        <source>The metre that each clip is to have: the model is told in words, and may not keep to them</source>
        <translation>Il metro che deve avere ogni clip: al modello si dice a parole, e può non tenerne conto</translation>
    </message>
    <message>
        <source>The mix is made again, as “{name}”</source>
        <translation>Il mix viene rifatto, come “{name}”</translation>
    </message>
    <message>
        <source>The mix was made again: “{name}”</source>
        <translation>Il mix è stato rifatto: “{name}”</translation>
    </message>
    <message>
        <source>The model “{model}” of {generator} is not on this machine: see Models</source>
        <translation>Il modello “{model}” di {generator} non è su questa macchina: vedi Modelli</translation>
    </message>
    <message>
        <source>the models folder</source>
        <translation>la cartella dei modelli</translation>
    </message>
    <message>
        <source>the music folder</source>
        <translation>la cartella della musica</translation>
    </message>
    <message>
        <source>The music is not running.</source>
        <translation>La musica è ferma.</translation>
    </message>
    <message>
        <source>The name has {n_characters} characters and may have {limit}: shorten it.</source>
        <translation>Il nome ha {n_characters} caratteri e può averne {limit}: accorcialo.</translation>
    </message>
    <message>
        <source>The name holds what cannot be shown: type it by hand.</source>
        <translation>Il nome contiene caratteri che non si possono mostrare: scrivilo a mano.</translation>
    </message>
    <message>
        <source>The name is empty: type what the layout is to be called.</source>
        <translation>Il nome è vuoto: scrivi come si chiama la disposizione.</translation>
    </message>
    <message>
        <source>The name of the files; a number is added where it is taken</source>
        <translation>Il nome dei file; si aggiunge un numero dove è già preso</translation>
    </message>
    <message>
        <source>The next four slots</source>
        <translation>I prossimi quattro slot</translation>
    </message>
    <message>
        <source>The next loops are made like this</source>
        <translation>I prossimi loop si fanno così</translation>
    </message>
    <message>
        <source>The next loops sound like what plays: its sound, or its key, brightness and density</source>
        <translation>I prossimi loop somigliano a ciò che suona: al suono, o a tonalità, brillantezza e densità</translation>
    </message>
    <message>
        <source>The next part goes on from all that plays now, not from the last part</source>
        <translation>La prossima parte continua tutto ciò che suona ora, non l’ultima parte</translation>
    </message>
    <message>
        <source>The noise before the last step: lower leaves more to the fine detail</source>
        <translation>Il rumore prima dell’ultimo passo: più basso lascia più spazio ai dettagli fini</translation>
    </message>
    <message>
        <source>The noise of the first step: lower is bolder, and less varied</source>
        <translation>Il rumore del primo passo: più basso è più deciso, e meno vario</translation>
    </message>
    <message>
        <source>The one colour for what plays, what is chosen and what has the keyboard</source>
        <translation>L'unico colore di ciò che suona, di ciò che è scelto e di ciò che ha la tastiera</translation>
    </message>
    <message>
        <source>The page's port</source>
        <translation>La porta della pagina</translation>
    </message>
    <message>
        <source>The part on the coloured ground repeats: drag its edges, turn the wheel to zoom. The seam, where its end meets its start, is drawn down to single samples.</source>
        <translation>La parte sul fondo colorato si ripete: trascinane i bordi, gira la rotella per ingrandire. La giuntura, dove la fine incontra l’inizio, si vede fino ai singoli campioni.</translation>
    </message>
    <message>
        <source>The password in “{path}” cannot be used ({detail}): the file has to hold it, in one line of signs.</source>
        <translation>La password in “{path}” non si può usare ({detail}): il file deve contenerla, in una riga di segni.</translation>
    </message>
    <message>
        <source>The port of the radio’s page and streams</source>
        <translation>La porta della pagina e dei flussi della radio</translation>
    </message>
    <message>
        <source>The program {generator} is not on this machine: see Models</source>
        <translation>Il programma {generator} non è su questa macchina: vedi Modelli</translation>
    </message>
    <message>
        <source>The prompt has {n_characters} characters and at most {limit} are read: shorten it.</source>
        <translation>Il prompt ha {n_characters} caratteri e se ne leggono al massimo {limit}: accorcialo.</translation>
    </message>
    <message>
        <source>The prompt is empty: type what you want to hear, for example “lofi calm rap beat, 85 bpm”.</source>
        <translation>Il prompt è vuoto: scrivi che cosa vuoi sentire, per esempio “lofi calm rap beat, 85 bpm”.</translation>
    </message>
    <message>
        <source>The radio’s station chooses what plays: your prompt is heard off the air</source>
        <translation>La stazione della radio sceglie che cosa suona: il tuo prompt si sente fuori onda</translation>
    </message>
    <message>
        <source>The radio’s station plays “{mood}”</source>
        <translation>La stazione della radio suona “{mood}”</translation>
    </message>
    <message>
        <source>The Ray cluster ({address}) cannot be used: {detail}.</source>
        <translation>Il cluster Ray ({address}) non si può usare: {detail}.</translation>
    </message>
    <message>
        <source>The recording is there already: choose another name or format.</source>
        <translation>La registrazione è già lì: scegli un altro nome o formato.</translation>
    </message>
    <message>
        <source>The recording that is played along with: WAV, FLAC, OGG, MP3… from 1 s to 10 min</source>
        <translation>La registrazione insieme a cui si suona: WAV, FLAC, OGG, MP3… da 1 s a 10 min</translation>
    </message>
    <message>
        <source>The release {release} tells no checksum of “{path}”, so it was not fetched: get it from {address} by hand, or “infiniloop models get {name} --without-checksum”.</source>
        <translation>La versione {release} non dà la somma di controllo di “{path}”, che quindi non è stato scaricato: prendilo a mano da {address}, o usa “infiniloop models get {name} --without-checksum”.</translation>
    </message>
    <message>
        <source>The same of the clip that was made last</source>
        <translation>Lo stesso della clip fatta per ultima</translation>
    </message>
    <message>
        <source>The same seed gives the same clip; the clips that follow have the seeds that follow</source>
        <translation>Lo stesso seed dà la stessa clip; le clip che seguono hanno i seed che seguono</translation>
    </message>
    <message>
        <source>The sample rate of the slots: that of the program which plays them</source>
        <translation>La frequenza di campionamento degli slot: quella del programma che li suona</translation>
    </message>
    <message>
        <source>The seam of the loop that plays is drawn here.</source>
        <translation>Qui compare la giuntura del loop che suona.</translation>
    </message>
    <message>
        <source>The seam of “{title}” is not mended: it was called off</source>
        <translation>La giuntura di “{title}” non è ricucita: annullato</translation>
    </message>
    <message>
        <source>The seam of “{title}” is not mended: something else plays by now</source>
        <translation>La giuntura di “{title}” non è ricucita: ora suona altro</translation>
    </message>
    <message>
        <source>The seam of “{title}” is not mended: {why}</source>
        <translation>La giuntura di “{title}” non è stata cucita: {why}</translation>
    </message>
    <message>
        <source>The set's tempo, which each loop has exactly</source>
        <translation>Il tempo del set, che ogni loop ha esattamente</translation>
    </message>
    <message>
        <source>The settings cannot be read ({detail}) and have their defaults instead; what was there is “{kept}”.</source>
        <translation>Le impostazioni non si possono leggere ({detail}) e hanno i valori iniziali; ciò che c’era è “{kept}”.</translation>
    </message>
    <message>
        <source>The sharpest kink of the wave at the seam, over the sharpest of the music around: up to 1 is usual.</source>
        <translation>Il cambio di pendenza più netto dell’onda alla giuntura, rispetto al più netto della musica attorno: fino a 1 è normale.</translation>
    </message>
    <message>
        <source>The shortest loop that is looked for in a clip</source>
        <translation>Il loop più breve che si cerca in una clip</translation>
    </message>
    <message>
        <source>The station plays “{mood}”.</source>
        <translation>La stazione suona “{mood}”.</translation>
    </message>
    <message>
        <source>The statistics of this machine cannot be read ({detail}) and begin anew; what was there is “{kept}”.</source>
        <translation>Le statistiche di questa macchina non si possono leggere ({detail}) e ricominciano da capo; ciò che c’era è “{kept}”.</translation>
    </message>
    <message>
        <source>The stereo image: an upright line is mono, a wide cloud is wide, a flat one is out of phase; drawn as large as the loudest of late.
Below it the correlation of left and right: +1 is mono, 0 is wide, below 0 the channels cancel each other in mono.</source>
        <translation>L’immagine stereo: una linea verticale è mono, una nuvola larga è ampia, una piatta è in controfase; grande quanto il suono più forte di recente.
Sotto, la correlazione tra sinistra e destra: +1 è mono, 0 è ampio, sotto 0 i canali in mono si annullano.</translation>
    </message>
    <message>
        <source>The studio (process {pid}) answers {limit} programs already, and no more: end one of them.</source>
        <translation>Lo studio (processo {pid}) risponde già a {limit} programmi, e non a di più: chiudine uno.</translation>
    </message>
    <message>
        <source>The studio (process {pid}) does not answer within {limit_s:g} s.</source>
        <translation>Lo studio (processo {pid}) non risponde entro {limit_s:g} s.</translation>
    </message>
    <message>
        <source>The studio (process {pid}) ended.</source>
        <translation>Lo studio (processo {pid}) si è chiuso.</translation>
    </message>
    <message>
        <source>The studio (process {pid}) speaks version {theirs} of the control protocol, and this program {ours}.</source>
        <translation>Lo studio (processo {pid}) parla la versione {theirs} del protocollo di controllo, e questo programma la {ours}.</translation>
    </message>
    <message>
        <source>The studio that runs already (process {pid}) refused: {detail}</source>
        <translation>Lo studio già in esecuzione (processo {pid}) ha rifiutato: {detail}</translation>
    </message>
    <message>
        <source>The studio works offline: nothing is fetched</source>
        <translation>Lo studio lavora offline: non si scarica niente</translation>
    </message>
    <message>
        <source>The studio's own volume is at mute: turn it up in the Output panel (Alt+3).</source>
        <translation>Il volume dello studio è a zero: alzalo nel pannello Uscita (Alt+3).</translation>
    </message>
    <message>
        <source>the system lists none</source>
        <translation>il sistema non ne elenca</translation>
    </message>
    <message>
        <source>the system names no default output</source>
        <translation>il sistema non indica un’uscita predefinita</translation>
    </message>
    <message>
        <source>The system's music folder</source>
        <translation>Quella del sistema</translation>
    </message>
    <message>
        <source>The system's usual place</source>
        <translation>Il solito posto del sistema</translation>
    </message>
    <message>
        <source>The tempo of each clip, whatever the prompt says</source>
        <translation>Il tempo di ogni clip, qualunque cosa dica il prompt</translation>
    </message>
    <message>
        <source>The tempo that each clip is to have: the model is told in words, and may not keep to them</source>
        <translation>Il tempo che deve avere ogni clip: al modello si dice a parole, e può non tenerne conto</translation>
    </message>
    <message>
        <source>The token in “{path}” cannot be used ({detail}): the file has to hold one word of at least {least} letters, digits and signs.</source>
        <translation>Il token in “{path}” non si può usare ({detail}): il file deve contenere una parola di almeno {least} lettere, cifre e segni.</translation>
    </message>
    <message>
        <source>The transition to “{title}” does not come any more: nothing was put back</source>
        <translation>La transizione verso “{title}” non ci sarà più: non è stato rimesso nulla</translation>
    </message>
    <message>
        <source>The video is made: {path}</source>
        <translation>Il video è pronto: {path}</translation>
    </message>
    <message>
        <source>The video was called off.</source>
        <translation>Il video è stato annullato.</translation>
    </message>
    <message>
        <source>The video “{path}” could not be made: {detail}.</source>
        <translation>Non è stato possibile creare il video “{path}”: {detail}.</translation>
    </message>
    <message>
        <source>The weights of the model “{model}” ({repository}) are not on this machine: “infiniloop models get {repository}” or Models in the menu fetches them.</source>
        <translation>I pesi del modello “{model}” ({repository}) non sono su questa macchina: li scarica “infiniloop models get {repository}” o Modelli nel menu.</translation>
    </message>
    <message>
        <source>The window speaks it from its next start.</source>
        <translation>La finestra la parla dal prossimo avvio.</translation>
    </message>
    <message>
        <source>The words added to the prompt</source>
        <translation>Le parole aggiunte al prompt</translation>
    </message>
    <message>
        <source>The {worker} process cannot start: quit, and enter “make run” in the studio's folder, which installs what is missing ({detail}).</source>
        <translation>Il processo {worker} non può partire: esci e scrivi “make run” nella cartella dello studio, che installa ciò che manca ({detail}).</translation>
    </message>
    <message>
        <source>The {worker} process did not answer within {limit_s:.0f} s and was started again.</source>
        <translation>Il processo {worker} non ha risposto entro {limit_s:.0f} s ed è stato riavviato.</translation>
    </message>
    <message>
        <source>The {worker} process stopped (exit code {exit_code}) and was started again.</source>
        <translation>Il processo {worker} si è fermato (codice di uscita {exit_code}) ed è stato riavviato.</translation>
    </message>
    <message>
        <source>The {worker} process stopped ({detail}) and was started again.</source>
        <translation>Il processo {worker} si è fermato ({detail}) ed è stato riavviato.</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>Tema</translation>
    </message>
    <message>
        <source>there are no drums in it</source>
        <translation>non ci sono tamburi</translation>
    </message>
    <message>
        <source>There is a file of this name already.</source>
        <translation>C'è già un file con questo nome.</translation>
    </message>
    <message>
        <source>There is already a layout named “{name}”: choose another name.</source>
        <translation>Esiste già una disposizione di nome “{name}”: scegli un altro nome.</translation>
    </message>
    <message>
        <source>There is no command “{value}”: {hint}.</source>
        <translation>Non c'è nessun comando “{value}”: {hint}.</translation>
    </message>
    <message>
        <source>There is no display to open the window on ({detail}): use “{program} render PROMPT --minutes 5 -o music.wav” to make music without one.</source>
        <translation>Non c’è uno schermo su cui aprire la finestra ({detail}): usa “{program} render PROMPT --minutes 5 -o music.wav” per fare musica senza.</translation>
    </message>
    <message>
        <source>There is no extra called “{value}”: choose one of {choices}.</source>
        <translation>Non c’è un extra di nome “{value}”: scegli tra {choices}.</translation>
    </message>
    <message>
        <source>There is no file “{path}”: check the name.</source>
        <translation>Non c’è un file “{path}”: controlla il nome.</translation>
    </message>
    <message>
        <source>There is no loop on “{layer}” that plays: record a phrase there first.</source>
        <translation>Su “{layer}” non suona nessun loop: prima registraci una frase.</translation>
    </message>
    <message>
        <source>There is no model called “{value}”: “infiniloop models list” names them all.</source>
        <translation>Non c’è un modello di nome “{value}”: “infiniloop models list” li elenca tutti.</translation>
    </message>
    <message>
        <source>there is no more music before or after the loop</source>
        <translation>non c’è altra musica prima o dopo il loop</translation>
    </message>
    <message>
        <source>There is no preset called “{value}”: {hint}.</source>
        <translation>Non c’è un preset chiamato “{value}”: {hint}.</translation>
    </message>
    <message>
        <source>There is no release of {generator} for this machine ({machine}): build it as {address} says.</source>
        <translation>Di {generator} non c’è una versione per questa macchina ({machine}): compilalo come dice {address}.</translation>
    </message>
    <message>
        <source>There is no setting “{value}”: {hint}.</source>
        <translation>Non c'è nessuna impostazione “{value}”: {hint}.</translation>
    </message>
    <message>
        <source>there is no sound in it</source>
        <translation>non contiene suoni</translation>
    </message>
    <message>
        <source>There is no sound, as PortAudio is missing: quit, and enter “make run” in the studio's folder, which installs it ({detail}).</source>
        <translation>Non c'è suono, perché manca PortAudio: esci e scrivi “make run” nella cartella dello studio, che lo installa ({detail}).</translation>
    </message>
    <message>
        <source>There is no sound: quit, and enter “make run” in the studio's folder, which installs what is missing ({detail}).</source>
        <translation>Non c'è suono: esci e scrivi “make run” nella cartella dello studio, che installa ciò che manca ({detail}).</translation>
    </message>
    <message>
        <source>There is no station called “{value}”: {hint}.</source>
        <translation>Non c’è una stazione chiamata “{value}”: {hint}.</translation>
    </message>
    <message>
        <source>there is no user of that name</source>
        <translation>non c’è alcun utente con quel nome</translation>
    </message>
    <message>
        <source>There is no {name} called “{value}”: choose one of {choices}.</source>
        <translation>Non c’è un {name} chiamato “{value}”: scegli fra {choices}.</translation>
    </message>
    <message>
        <source>There is not enough memory for this: close other programs, or ask for something shorter.</source>
        <translation>La memoria non basta: chiudi altri programmi, o chiedi qualcosa di più breve.</translation>
    </message>
    <message>
        <source>There is nothing to play: name a jam's folder, or say by --script what is made.</source>
        <translation>Non c'è niente da suonare: indica la cartella di una jam, o di' con --script che cosa si crea.</translation>
    </message>
    <message>
        <source>These settings cannot be used and have their defaults instead: {values}; the file as it was is “{kept}”.</source>
        <translation>Queste impostazioni non si possono usare e hanno i valori iniziali: {values}; il file com’era è “{kept}”.</translation>
    </message>
    <message>
        <source>They are only so long that one is made while a loop plays.</source>
        <translation>Durano solo quanto basta perché una si faccia mentre suona un loop.</translation>
    </message>
    <message>
        <source>This is not broken off: it is done in a minute</source>
        <translation>Questo non si interrompe: finisce in un minuto</translation>
    </message>
    <message>
        <source>This loop cannot be made again from its recipe</source>
        <translation>Questo loop non si può rifare dalla sua ricetta</translation>
    </message>
    <message>
        <source>this loop goes on until then</source>
        <translation>fino ad allora continua questo loop</translation>
    </message>
    <message>
        <source>This name is too long for a file.</source>
        <translation>Questo nome è troppo lungo per un file.</translation>
    </message>
    <message>
        <source>This one plays.</source>
        <translation>Questo suona.</translation>
    </message>
    <message>
        <source>This process may take {limit} of address space (ulimit -v), and needs at least {needed}: raise the limit.</source>
        <translation>Questo processo può usare {limit} di spazio di indirizzamento (ulimit -v), e ne servono almeno {needed}: alza il limite.</translation>
    </message>
    <message>
        <source>this seam {seconds:.1f} s</source>
        <translation>giuntura {seconds:.1f} s</translation>
    </message>
    <message>
        <source>This sound is not in the library: as a favourite it is kept there</source>
        <translation>Questo suono non è nella raccolta: come preferito vi si conserva</translation>
    </message>
    <message>
        <source>This sound was a file that was brought: it cannot be made again</source>
        <translation>Questo suono era un file portato da fuori: non si può rifare</translation>
    </message>
    <message>
        <source>This studio has no window: it runs in a terminal.</source>
        <translation>Questo studio non ha finestra: è in esecuzione in un terminale.</translation>
    </message>
    <message>
        <source>This system has no MIDI: neither ALSA's sequencer nor a JACK server is there.</source>
        <translation>Questo sistema non ha il MIDI: non c’è né il sequencer di ALSA né un server JACK.</translation>
    </message>
    <message>
        <source>This take cannot be read</source>
        <translation>Questa ripresa non si può leggere</translation>
    </message>
    <message>
        <source>Three files that follow each other without a step, the loop as often as you like.</source>
        <translation>Tre file che si seguono senza salti, il loop quante volte vuoi.</translation>
    </message>
    <message>
        <source>through</source>
        <translation>intero</translation>
    </message>
    <message>
        <source>Throw the dice for {layer}</source>
        <translation>Lancia i dadi: {layer}</translation>
    </message>
    <message>
        <source>tight</source>
        <translation>appena</translation>
    </message>
    <message>
        <source>Time of the delay</source>
        <translation>Tempo del delay</translation>
    </message>
    <message>
        <source>Times the sound could not keep up since the device was opened</source>
        <translation>Quante volte il suono non ha tenuto il passo da quando il dispositivo è aperto</translation>
    </message>
    <message>
        <source>title</source>
        <translation>titolo</translation>
    </message>
    <message>
        <source>Title of slot {number} of {layer}</source>
        <translation>Titolo dello slot {number} di {layer}</translation>
    </message>
    <message>
        <source>To the right the length of a clip, upwards the seconds that each second of it takes to make. What lies below the dashed line is made sooner than it plays.</source>
        <translation>A destra la durata di una clip, verso l’alto i secondi che richiede ogni suo secondo. Ciò che sta sotto la linea tratteggiata si fa prima di quanto suoni.</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>Token</translation>
    </message>
    <message>
        <source>toms</source>
        <translation>tom</translation>
    </message>
    <message>
        <source>too large</source>
        <translation>troppo grande</translation>
    </message>
    <message>
        <source>Total</source>
        <translation>Totale</translation>
    </message>
    <message>
        <source>total {percent}</source>
        <translation>totale {percent}</translation>
    </message>
    <message>
        <source>Tour of the &amp;jam</source>
        <translation>Giro della &amp;jam</translation>
    </message>
    <message>
        <source>Transition</source>
        <translation>Transizione</translation>
    </message>
    <message>
        <source>transition, bars</source>
        <translation>passaggio, battute</translation>
    </message>
    <message>
        <source>Transport</source>
        <translation>Comandi di ascolto</translation>
    </message>
    <message>
        <source>tremolo strings</source>
        <translation>archi in tremolo</translation>
    </message>
    <message>
        <source>triangle</source>
        <translation>triangolo</translation>
    </message>
    <message>
        <source>true peak {peak} dBTP</source>
        <translation>picco reale {peak} dBTP</translation>
    </message>
    <message>
        <source>trumpet</source>
        <translation>tromba</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Riprova</translation>
    </message>
    <message>
        <source>trying again</source>
        <translation>nuovo tentativo</translation>
    </message>
    <message>
        <source>turn {turn} · {played} of at least {minimum}</source>
        <translation>giro {turn} · {played} di almeno {minimum}</translation>
    </message>
    <message>
        <source>turn {turn} · {played}, until the first clip is ready</source>
        <translation>giro {turn} · {played}, finché la prima clip è pronta</translation>
    </message>
    <message>
        <source>Turns</source>
        <translation>Giri</translation>
    </message>
    <message>
        <source>turns</source>
        <translation>giri</translation>
    </message>
    <message>
        <source>Turns and an end</source>
        <translation>Giri e una fine</translation>
    </message>
    <message>
        <source>Type a name.</source>
        <translation>Scrivi un nome.</translation>
    </message>
    <message>
        <source>Type a name; Enter takes it</source>
        <translation>Scrivi un nome; Invio lo conferma</translation>
    </message>
    <message>
        <source>Type a style, a tempo, a mood, and press AVVIA: music starts at once and never stops. Below the prompt stands what was understood.</source>
        <translation>Scrivi uno stile, un tempo, un’atmosfera e premi AVVIA: la musica parte subito e non finisce mai. Sotto il prompt sta ciò che è stato capito.</translation>
    </message>
    <message>
        <source>Type what the next loop is to be, or throw the dice, and press Make, or Enter. What plays goes on until the new loop is there.</source>
        <translation>Scrivi come deve essere il prossimo loop, o tira i dadi, e premi Crea, o Invio. Ciò che suona continua finché il nuovo loop non è pronto.</translation>
    </message>
    <message>
        <source>Type what you want to hear, press AVVIA, and music plays without end. It is made on this machine, and nothing is sent anywhere. Three things to look at, if you like:</source>
        <translation>Scrivi che cosa vuoi ascoltare, premi AVVIA, e la musica suona senza fine. Nasce su questo computer, e nulla viene inviato altrove. Tre cose da guardare, se vuoi:</translation>
    </message>
    <message>
        <source>under 1 s for</source>
        <translation>meno di 1 s per</translation>
    </message>
    <message>
        <source>Under 1 s for a clip of {clip}, by those that this machine has made.</source>
        <translation>Meno di 1 s per una clip di {clip}, secondo quelle che questa macchina ha fatto.</translation>
    </message>
    <message>
        <source>understood as</source>
        <translation>capito come</translation>
    </message>
    <message>
        <source>Understood: {text}</source>
        <translation>Capito: {text}</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Annulla</translation>
    </message>
    <message>
        <source>Undo the phrase</source>
        <translation>Annulla la frase</translation>
    </message>
    <message>
        <source>Undone: {step}</source>
        <translation>Annullato: {step}</translation>
    </message>
    <message>
        <source>Up and Down go from line to line; Enter or a double click on a loop shows its recipe</source>
        <translation>Su e Giù vanno di riga in riga; Invio o un doppio clic su un loop ne mostra la ricetta</translation>
    </message>
    <message>
        <source>Up and Down go from line to line; the plot shows the model of the line in colour</source>
        <translation>Su e Giù vanno di riga in riga; il grafico mostra a colori il modello della riga</translation>
    </message>
    <message>
        <source>Up and Down go from one recording to the next</source>
        <translation>Su e Giù passano da una registrazione all'altra</translation>
    </message>
    <message>
        <source>Up and Down go from row to row; Enter or a double click does what the row's button says</source>
        <translation>Su e Giù passano da una riga all’altra; Invio o un doppio clic fa ciò che dice il pulsante della riga</translation>
    </message>
    <message>
        <source>Up and Down move about, Enter or a click plays the loop, P lets its seam be heard; drag it out, or copy it, as a WAV file.</source>
        <translation>Su e Giù scorrono, Invio o un clic suona il loop, P ne fa ascoltare la giuntura; trascinalo fuori, o copialo, come file WAV.</translation>
    </message>
    <message>
        <source>upright bass</source>
        <translation>contrabbasso</translation>
    </message>
    <message>
        <source>Use the graphics card</source>
        <translation>Usa la scheda grafica</translation>
    </message>
    <message>
        <source>usual</source>
        <translation>abituale</translation>
    </message>
    <message>
        <source>usual ({generator})</source>
        <translation>consueto ({generator})</translation>
    </message>
    <message>
        <source>Values as in the Generate panel</source>
        <translation>Valori come nel pannello Genera</translation>
    </message>
    <message>
        <source>Values of {generator}, for this layer alone:</source>
        <translation>Valori di {generator}, solo per questo strato:</translation>
    </message>
    <message>
        <source>variation</source>
        <translation>variazione</translation>
    </message>
    <message>
        <source>Variations</source>
        <translation>Varianti</translation>
    </message>
    <message>
        <source>Vary</source>
        <translation>Varia</translation>
    </message>
    <message>
        <source>Vary it: another seed</source>
        <translation>Variarla: un altro seed</translation>
    </message>
    <message>
        <source>Vary while it plays</source>
        <translation>Varia mentre suona</translation>
    </message>
    <message>
        <source>vibraphone</source>
        <translation>vibrafono</translation>
    </message>
    <message>
        <source>Video</source>
        <translation>Video</translation>
    </message>
    <message>
        <source>View of the visualiser</source>
        <translation>Vista del visualizzatore</translation>
    </message>
    <message>
        <source>vinyl</source>
        <translation>vinile</translation>
    </message>
    <message>
        <source>Violet</source>
        <translation>Viola</translation>
    </message>
    <message>
        <source>violin</source>
        <translation>violino</translation>
    </message>
    <message>
        <source>Viridis</source>
        <translation>Viridis</translation>
    </message>
    <message>
        <source>Visualiser</source>
        <translation>Visualizzatore</translation>
    </message>
    <message>
        <source>vocals</source>
        <translation>voce</translation>
    </message>
    <message>
        <source>Volume</source>
        <translation>Volume</translation>
    </message>
    <message>
        <source>Wah</source>
        <translation>Wah</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>in attesa</translation>
    </message>
    <message>
        <source>waiting for its turn</source>
        <translation>aspetta il suo turno</translation>
    </message>
    <message>
        <source>Waiting for the input…</source>
        <translation>In attesa dell’ingresso…</translation>
    </message>
    <message>
        <source>waltz</source>
        <translation>valzer</translation>
    </message>
    <message>
        <source>wander</source>
        <translation>vaga</translation>
    </message>
    <message>
        <source>warm</source>
        <translation>caldo</translation>
    </message>
    <message>
        <source>WAV</source>
        <translation>WAV</translation>
    </message>
    <message>
        <source>WAV that lasts exactly so long, with a fade at the end, to lay under pictures.</source>
        <translation>WAV che dura esattamente così, con una dissolvenza alla fine, da mettere sotto le immagini.</translation>
    </message>
    <message>
        <source>Waveform</source>
        <translation>Onda</translation>
    </message>
    <message>
        <source>waveform</source>
        <translation>onda</translation>
    </message>
    <message>
        <source>Waveform with loop region</source>
        <translation>Forma d’onda con il loop</translation>
    </message>
    <message>
        <source>weak</source>
        <translation>debole</translation>
    </message>
    <message>
        <source>weak loops are made again</source>
        <translation>i loop deboli si rifanno</translation>
    </message>
    <message>
        <source>Weak: it may be noticed.</source>
        <translation>Debole: può notarsi.</translation>
    </message>
    <message>
        <source>Weak: the music does not come again here, which may be noticed.</source>
        <translation>Debole: qui la musica non torna, e può notarsi.</translation>
    </message>
    <message>
        <source>Weak: the music does not come again here; the seam itself is quiet</source>
        <translation>Debole: qui la musica non torna; la giuntura in sé è tenue</translation>
    </message>
    <message>
        <source>Weigh all metrics alike</source>
        <translation>Pesa tutte le metriche allo stesso modo</translation>
    </message>
    <message>
        <source>Weight of the beat</source>
        <translation>Peso del ritmo</translation>
    </message>
    <message>
        <source>Weight of the phases</source>
        <translation>Peso delle fasi</translation>
    </message>
    <message>
        <source>Weight of the sound</source>
        <translation>Peso del suono</translation>
    </message>
    <message>
        <source>Weight of the wave</source>
        <translation>Peso dell'onda</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>Pesi</translation>
    </message>
    <message>
        <source>Welcome</source>
        <translation>Benvenuto</translation>
    </message>
    <message>
        <source>Welcome to Infiniloop Studio</source>
        <translation>Ti diamo il benvenuto in Infiniloop Studio</translation>
    </message>
    <message>
        <source>wet</source>
        <translation>riverberato</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Che cosa</translation>
    </message>
    <message>
        <source>What a radio needs is not installed: “infiniloop models setup radio” puts it in.</source>
        <translation>Ciò che serve a una radio non è installato: lo installa “infiniloop models setup radio”.</translation>
    </message>
    <message>
        <source>What answers at {machine} does not speak the protocol that is set for it: {detail}.</source>
        <translation>Ciò che risponde a {machine} non parla il protocollo impostato: {detail}.</translation>
    </message>
    <message>
        <source>What becomes of a model's clip that is not in the tempo or key that was asked for: it is kept, stretched to the tempo where that is near enough, or another one is made, at most twice</source>
        <translation>Che ne è della clip di un modello che non ha il tempo o la tonalità chiesti: si tiene, si stira fino al tempo quando è abbastanza vicino, oppure se ne fa un’altra, al massimo due volte</translation>
    </message>
    <message>
        <source>What can be played by MIDI, in the words of a map, and the control that does it</source>
        <translation>Che cosa si può suonare via MIDI, con le parole di una mappa, e il controllo che lo fa</translation>
    </message>
    <message>
        <source>What computes: “auto” takes the graphics card where there is one that can, else the processor</source>
        <translation>Che cosa calcola: “auto” prende la scheda grafica dove ce n’è una adatta, altrimenti il processore</translation>
    </message>
    <message>
        <source>What computes; “best” takes a graphics card where there is one that fits</source>
        <translation>Che cosa calcola; “Migliore” sceglie una scheda grafica dove ce n’è una adatta</translation>
    </message>
    <message>
        <source>What do you want to hear? For example: lofi calm rap beat, 85 bpm</source>
        <translation>Che cosa vuoi sentire? Per esempio: lofi calm rap beat, 85 bpm</translation>
    </message>
    <message>
        <source>What goes out: whatever plays here, or a station, which chooses what plays while the radio is on the air</source>
        <translation>Che cosa esce: ciò che suona qui, o una stazione, che sceglie che cosa suona mentre la radio è in onda</translation>
    </message>
    <message>
        <source>What is heard</source>
        <translation>Che cosa si ascolta</translation>
    </message>
    <message>
        <source>What is made of the loop: one turn that repeats, something with an end, or several files</source>
        <translation>Che cosa si ricava dal loop: un giro che si ripete, qualcosa con una fine, o più file</translation>
    </message>
    <message>
        <source>What is played</source>
        <translation>Che cosa si suona</translation>
    </message>
    <message>
        <source>What it is to sound like, in words; at most 2000 characters</source>
        <translation>A che cosa deve somigliare, a parole; al massimo 2000 caratteri</translation>
    </message>
    <message>
        <source>What it makes is under the licence {licence}; recipes and files say so.</source>
        <translation>Ciò che fa ha la licenza {licence}; ricette e file lo dicono.</translation>
    </message>
    <message>
        <source>What listeners hear</source>
        <translation>Che cosa sente chi ascolta</translation>
    </message>
    <message>
        <source>What makes the clips</source>
        <translation>Che cosa fa le clip</translation>
    </message>
    <message>
        <source>What makes the fragments, with the parameters that are set for it in the Generate panel</source>
        <translation>Che cosa crea i frammenti, con i parametri impostati per esso nel pannello Genera</translation>
    </message>
    <message>
        <source>WHAT MAKES THE MUSIC</source>
        <translation>CHI FA LA MUSICA</translation>
    </message>
    <message>
        <source>What offers a generator to other machines is not installed: “infiniloop models setup serve” puts it in.</source>
        <translation>Ciò che offre un generatore ad altre macchine non è installato: “infiniloop models setup serve” lo installa.</translation>
    </message>
    <message>
        <source>What places a generator on a Ray cluster is not installed: “infiniloop models setup ray” puts it in.</source>
        <translation>Ciò che mette un generatore su un cluster Ray non è installato: “infiniloop models setup ray” lo aggiunge.</translation>
    </message>
    <message>
        <source>What players and the page call the radio</source>
        <translation>Come i lettori e la pagina chiamano la radio</translation>
    </message>
    <message>
        <source>What plays here</source>
        <translation>Ciò che suona qui</translation>
    </message>
    <message>
        <source>What plays, and what comes</source>
        <translation>Che cosa suona, e che cosa viene</translation>
    </message>
    <message>
        <source>What runs on the other machines</source>
        <translation>Che cosa gira sulle altre macchine</translation>
    </message>
    <message>
        <source>What serves pages is not installed: “infiniloop models setup serve” puts it in.</source>
        <translation>Ciò che serve le pagine non è installato: “infiniloop models setup serve” lo installa.</translation>
    </message>
    <message>
        <source>What the colours tell: all metrics by their weights, or one of them (L in the map)</source>
        <translation>Cosa dicono i colori: tutte le metriche secondo i pesi, o una di esse (L nella mappa)</translation>
    </message>
    <message>
        <source>What the next fragment is to be: soft rain on glass</source>
        <translation>Come deve essere il prossimo frammento: pioggia leggera sul vetro</translation>
    </message>
    <message>
        <source>What the next fragment is to be; with nothing here the rotation's next, {rain|wind} is one or the other</source>
        <translation>Come deve essere il prossimo frammento; se qui non c’è niente, il prossimo della rotazione; {rain|wind} è l’uno o l’altro</translation>
    </message>
    <message>
        <source>What the next loop is to be; Enter makes it</source>
        <translation>Come sarà il prossimo loop; Invio lo crea</translation>
    </message>
    <message>
        <source>What the pad moves across</source>
        <translation>Che cosa muove il pad in orizzontale</translation>
    </message>
    <message>
        <source>What the pad moves from below upwards</source>
        <translation>Che cosa muove il pad dal basso in alto</translation>
    </message>
    <message>
        <source>What the pad moves from left to right</source>
        <translation>Che cosa muove il pad da sinistra a destra</translation>
    </message>
    <message>
        <source>What the pad moves upwards</source>
        <translation>Che cosa muove il pad in verticale</translation>
    </message>
    <message>
        <source>What the studio did, newest last</source>
        <translation>Che cosa ha fatto lo studio, il più recente in fondo</translation>
    </message>
    <message>
        <source>What the visualiser shows: the loop as a circle, or the spectra of the last moments as ridges</source>
        <translation>Che cosa mostra il visualizzatore: il loop come cerchio, o gli spettri degli ultimi istanti come crinali</translation>
    </message>
    <message>
        <source>What to do</source>
        <translation>Che cosa fare</translation>
    </message>
    <message>
        <source>What was heard and made</source>
        <translation>Ciò che è stato sentito e fatto</translation>
    </message>
    <message>
        <source>What you want to hear: a style, a mood, instruments, a tempo, a key</source>
        <translation>Cosa vuoi ascoltare: uno stile, un’atmosfera, strumenti, un tempo, una tonalità</translation>
    </message>
    <message>
        <source>When</source>
        <translation>Quando</translation>
    </message>
    <message>
        <source>When a next loop is ready, how it will take over is drawn here, before you hear it.</source>
        <translation>Quando un prossimo loop è pronto, qui vedi come subentrerà, prima di sentirlo.</translation>
    </message>
    <message>
        <source>When it is short</source>
        <translation>Quando è poca</translation>
    </message>
    <message>
        <source>When one is taken</source>
        <translation>Quando uno è preso</translation>
    </message>
    <message>
        <source>When tempo or key differ</source>
        <translation>Se tempo o tonalità non tornano</translation>
    </message>
    <message>
        <source>when tempo or key differ</source>
        <translation>se tempo o tonalità non tornano</translation>
    </message>
    <message>
        <source>When the next fragment is made: when you ask for it, every so many seconds, or when you took one</source>
        <translation>Quando si crea il prossimo frammento: quando lo chiedi, ogni tanti secondi, o quando ne hai preso uno</translation>
    </message>
    <message>
        <source>when this one is no longer held, or you ask for it</source>
        <translation>quando non trattieni più questo, o lo chiedi</translation>
    </message>
    <message>
        <source>When you leave the pad, it goes back to where you took hold of it</source>
        <translation>Quando lasci il pad, torna dove lo hai preso</translation>
    </message>
    <message>
        <source>Where /fragment/ready and so on are told: a port of this machine, or ADDRESS:PORT</source>
        <translation>Dove si annunciano /fragment/ready e gli altri: una porta di questa macchina, o INDIRIZZO:PORTA</translation>
    </message>
    <message>
        <source>Where /generate, /prompt, /taken and so on are heard: a port of this machine, or ADDRESS:PORT</source>
        <translation>Dove si ascoltano /generate, /prompt, /taken e gli altri: una porta di questa macchina, o INDIRIZZO:PORTA</translation>
    </message>
    <message>
        <source>Where a loop that is queued comes in</source>
        <translation>Dove entra un loop che è in coda</translation>
    </message>
    <message>
        <source>Where an edge comes to stand when it is nudged: on any sample, where the wave comes up through zero, or on a beat</source>
        <translation>Dove si ferma un bordo quando lo si sposta: su un campione qualsiasi, dove l’onda risale per lo zero o su un beat</translation>
    </message>
    <message>
        <source>Where in the loop that plays the next one comes in: at its end, at its next bar, or at once</source>
        <translation>Dove entra il prossimo loop in quello che suona: alla sua fine, alla prossima battuta o subito</translation>
    </message>
    <message>
        <source>Where loops are swapped</source>
        <translation>Dove si scambiano i loop</translation>
    </message>
    <message>
        <source>Where recordings and what you keep of what you heard are written, and where SALVA begins</source>
        <translation>Dove si scrivono le registrazioni e quello che tieni di ciò che hai sentito, e da dove parte SALVA</translation>
    </message>
    <message>
        <source>Where takes are kept</source>
        <translation>Dove si conservano le riprese</translation>
    </message>
    <message>
        <source>Where the files go</source>
        <translation>Dove vanno i file</translation>
    </message>
    <message>
        <source>Where the gap begins, seconds from the recording’s start</source>
        <translation>Dove comincia il vuoto, secondi dall’inizio della registrazione</translation>
    </message>
    <message>
        <source>Where the gap ends</source>
        <translation>Dove finisce il vuoto</translation>
    </message>
    <message>
        <source>Where the MusicGPT program is; empty looks for it in the usual places</source>
        <translation>Dov’è il programma MusicGPT; vuoto lo cerca nei soliti posti</translation>
    </message>
    <message>
        <source>Where the next loop comes in</source>
        <translation>Dove entra il prossimo loop</translation>
    </message>
    <message>
        <source>Where the next loop comes in, for this transition only: the bar or turn of the loop that plays</source>
        <translation>Dove entra il prossimo loop, solo per questa transizione: la battuta o il giro del loop che suona</translation>
    </message>
    <message>
        <source>Where the other machines answer, as 192.168.1.20:8420 or https://music.example; several with commas between them</source>
        <translation>Dove rispondono le altre macchine, come 192.168.1.20:8420 o https://music.example; più d’una separate da virgole</translation>
    </message>
    <message>
        <source>Where the sound comes from</source>
        <translation>Da dove viene il suono</translation>
    </message>
    <message>
        <source>Where the sound goes</source>
        <translation>Dove va il suono</translation>
    </message>
    <message>
        <source>Where weights of models are kept, gigabytes of them; those that are elsewhere stay there and are not found</source>
        <translation>Dove stanno i pesi dei modelli, gigabyte di dati; quelli che sono altrove restano lì e non si trovano</translation>
    </message>
    <message>
        <source>Whether SALVA also writes each part of the loop as a file of its own</source>
        <translation>Se SALVA scrive anche ogni parte del loop come file a sé</translation>
    </message>
    <message>
        <source>Whether SALVA also writes what is played in the loop, as a MIDI file</source>
        <translation>Se SALVA scrive anche ciò che suona nel loop, come file MIDI</translation>
    </message>
    <message>
        <source>Whether the clip's own end follows the last turn, and not a fade</source>
        <translation>Se all’ultimo giro segue la fine propria della clip, e non una dissolvenza</translation>
    </message>
    <message>
        <source>Whether the spectrogram's axis names frequencies or notes</source>
        <translation>Se l’asse dello spettrogramma nomina frequenze o note</translation>
    </message>
    <message>
        <source>Which generator makes the next loop</source>
        <translation>Quale generatore crea il prossimo loop</translation>
    </message>
    <message>
        <source>Which of the generator's models makes the clips</source>
        <translation>Quale modello del generatore fa le clip</translation>
    </message>
    <message>
        <source>Which of the input’s channels are taken; one alone is heard on both sides</source>
        <translation>Quali canali dell’ingresso si prendono; uno solo si sente da entrambi i lati</translation>
    </message>
    <message>
        <source>Which parts are heard, each exactly as in the whole of the same seed</source>
        <translation>Quali parti si sentono, ciascuna come nel tutto dello stesso seed</translation>
    </message>
    <message>
        <source>Whole bars at {tempo_bpm:g} bpm were not found in what was made: another prompt may bring them.</source>
        <translation>In ciò che è stato fatto non si sono trovate battute intere a {tempo_bpm:g} bpm: un altro prompt può darle.</translation>
    </message>
    <message>
        <source>whole clip: its step is spread over {ms:.0f} ms</source>
        <translation>clip intera: il suo gradino è distribuito su {ms:.0f} ms</translation>
    </message>
    <message>
        <source>Whose tempo, bars, start and stop the jam follows; with Link the others follow the jam as well</source>
        <translation>Di chi la jam segue tempo, battute, avvio e arresto; con Link anche gli altri seguono la jam</translation>
    </message>
    <message>
        <source>Why it loops</source>
        <translation>Perché è un loop</translation>
    </message>
    <message>
        <source>Will be written, decoded again and proved</source>
        <translation>Si scrive, si decodifica di nuovo e si verifica</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>Finestra</translation>
    </message>
    <message>
        <source>without</source>
        <translation>senza</translation>
    </message>
    <message>
        <source>woodblock</source>
        <translation>blocco di legno</translation>
    </message>
    <message>
        <source>woodwinds</source>
        <translation>legni</translation>
    </message>
    <message>
        <source>Words</source>
        <translation>Parole</translation>
    </message>
    <message>
        <source>Words for what is not to be heard</source>
        <translation>Parole per ciò che non si deve sentire</translation>
    </message>
    <message>
        <source>Words to be sung, with [verse] and [chorus] before their parts; [Instrumental] for none</source>
        <translation>Parole da cantare, con [verse] e [chorus] prima delle loro parti; [Instrumental] per nessuna</translation>
    </message>
    <message>
        <source>Work offline</source>
        <translation>Lavora offline</translation>
    </message>
    <message>
        <source>Write nothing</source>
        <translation>Non scrivere nulla</translation>
    </message>
    <message>
        <source>Write the chords along the waveform, where the generator tells them</source>
        <translation>Scrive gli accordi lungo la forma d’onda, se il generatore li dice</translation>
    </message>
    <message>
        <source>Write the files that are listed; the music goes on</source>
        <translation>Scrivi i file elencati; la musica continua</translation>
    </message>
    <message>
        <source>Write the last ten minutes as FLAC, with a cue sheet that names each loop, into the music folder</source>
        <translation>Scrive gli ultimi dieci minuti in FLAC, con un cue sheet che nomina ogni loop, nella cartella della musica</translation>
    </message>
    <message>
        <source>Write these bars as a recording of their own; this one stays as it is</source>
        <translation>Scrive queste battute come registrazione a sé; questa resta com'è</translation>
    </message>
    <message>
        <source>Write these bars as FLAC, WAV, OGG or Opus, wherever you like</source>
        <translation>Scrive queste battute come FLAC, WAV, OGG o Opus, dove vuoi</translation>
    </message>
    <message>
        <source>Written: {path}</source>
        <translation>Scritto: {path}</translation>
    </message>
    <message>
        <source>xylophone</source>
        <translation>xilofono</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>sì</translation>
    </message>
    <message>
        <source>You have {n_layouts} layouts of your own, as many as are kept: delete one of them first.</source>
        <translation>Hai già {n_layouts} disposizioni tue, quante se ne conservano: eliminane prima una.</translation>
    </message>
    <message>
        <source>Zero crossings</source>
        <translation>Zeri dell’onda</translation>
    </message>
    <message>
        <source>{address} cannot be reached ({detail}): what was fetched stays, and the next try goes on from there.</source>
        <translation>{address} non si raggiunge ({detail}): ciò che è arrivato resta, e il prossimo tentativo continua da lì.</translation>
    </message>
    <message>
        <source>{address} refused “{path}” (HTTP {status}): try again later.</source>
        <translation>{address} ha rifiutato “{path}” (HTTP {status}): riprova più tardi.</translation>
    </message>
    <message>
        <source>{at} of {n}</source>
        <translation>{at} di {n}</translation>
    </message>
    <message>
        <source>{bars} bars at {tempo_bpm:g} bpm last {seconds:.1f} s, and {generator} makes clips of at most {limit_s:g} s: ask for fewer bars or a faster tempo.</source>
        <translation>{bars} battute a {tempo_bpm:g} bpm durano {seconds:.1f} s, e {generator} fa clip di al massimo {limit_s:g} s: chiedi meno battute o un tempo più veloce.</translation>
    </message>
    <message>
        <source>{bpm:.1f} bpm</source>
        <translation>{bpm:.1f} bpm</translation>
    </message>
    <message>
        <source>{bpm} bpm</source>
        <translation>{bpm} bpm</translation>
    </message>
    <message>
        <source>{bpm} bpm is no tempo of a jam: 60 to 200.</source>
        <translation>{bpm} bpm non è un tempo per una jam: da 60 a 200.</translation>
    </message>
    <message>
        <source>{bpm} bpm, {metre}: comes when all loops are ready</source>
        <translation>{bpm} bpm, {metre}: arriva quando tutti i loop sono pronti</translation>
    </message>
    <message>
        <source>{db:.0f} dB</source>
        <translation>{db:.0f} dB</translation>
    </message>
    <message>
        <source>{detail} The jam begins anew; what was kept of it was moved to “{path}”.</source>
        <translation>{detail} La jam ricomincia da capo; ciò che ne era stato conservato è stato spostato in “{path}”.</translation>
    </message>
    <message>
        <source>{file}, line {line}: {detail}</source>
        <translation>{file}, riga {line}: {detail}</translation>
    </message>
    <message>
        <source>{free:.1f} GB of their disk are free.</source>
        <translation>Sul loro disco sono liberi {free:.1f} GB.</translation>
    </message>
    <message>
        <source>{generator} cannot load what is in “{folder}”: {detail}.</source>
        <translation>{generator} non può caricare ciò che è in “{folder}”: {detail}.</translation>
    </message>
    <message>
        <source>{generator} fetches it by itself, the first time it makes a clip with it</source>
        <translation>Lo scarica {generator} da sé, la prima volta che ci fa una clip</translation>
    </message>
    <message>
        <source>{generator} gave no clip within {limit_s:.0f} s and was stopped.</source>
        <translation>{generator} non ha dato una clip entro {limit_s:.0f} s ed è stato fermato.</translation>
    </message>
    <message>
        <source>{generator} goes on from a sound and was given none: have it play along with a recording, or as an endless layer of a jam, or set another protocol.</source>
        <translation>{generator} continua un suono e non ne ha avuto nessuno: fallo suonare insieme a una registrazione, o come strato senza fine di una jam, o imposta un altro protocollo.</translation>
    </message>
    <message>
        <source>{generator} has no values to set.</source>
        <translation>{generator} non ha valori da impostare.</translation>
    </message>
    <message>
        <source>{generator} made a clip that cannot be used: it lasts {duration_s:.1f} s where {requested_s:g} s were asked for.</source>
        <translation>{generator} ha fatto una clip che non si può usare: dura {duration_s:.1f} s e ne erano stati chiesti {requested_s:g}.</translation>
    </message>
    <message>
        <source>{generator} made a clip that cannot be used: its audio file has {megabytes:.0f} MB, far more than {requested_s:g} s of music take.</source>
        <translation>{generator} ha fatto una clip che non si può usare: il suo file audio è di {megabytes:.0f} MB, molto più di quanto occupano {requested_s:g} s di musica.</translation>
    </message>
    <message>
        <source>{generator} made a clip that cannot be used: {detail}.</source>
        <translation>{generator} ha fatto una clip che non si può usare: {detail}.</translation>
    </message>
    <message>
        <source>{generator} made no clip: there is not enough memory for the model “{model}”. A smaller model, a shorter clip, fewer clips at once or half precision need less.</source>
        <translation>{generator} non ha creato clip: non c’è abbastanza memoria per il modello “{model}”. Un modello più piccolo, una clip più corta, meno clip insieme o la precisione dimezzata ne richiedono meno.</translation>
    </message>
    <message>
        <source>{generator} made no clip: {detail}.</source>
        <translation>{generator} non ha fatto una clip: {detail}.</translation>
    </message>
    <message>
        <source>{generator} makes nothing: a clip of {seconds} s is tried</source>
        <translation>{generator} non produce nulla: si prova una clip di {seconds} s</translation>
    </message>
    <message>
        <source>{generator} makes nothing: its model “{model}” is tried</source>
        <translation>{generator} non produce nulla: si prova il suo modello “{model}”</translation>
    </message>
    <message>
        <source>{generator} makes nothing: the composer does, until it works again</source>
        <translation>{generator} non produce nulla: compone il compositore, finché non funziona di nuovo</translation>
    </message>
    <message>
        <source>{generator} makes whole bars and has to know the tempo: write one into the prompt, as “90 bpm”, or set Tempo; “whole_bars=off” among its settings makes a clip in free time.</source>
        <translation>{generator} fa battute intere e deve sapere il tempo: scrivilo nel prompt, come “90 bpm”, o imposta Tempo; “whole_bars=off” tra le sue impostazioni fa una clip in tempo libero.</translation>
    </message>
    <message>
        <source>{generator} mended the seam of “{title}”: {before} → {after} %, step {step_before} → {step_after}</source>
        <translation>{generator} ha ricucito la giuntura di “{title}”: {before} → {after} %, gradino {step_before} → {step_after}</translation>
    </message>
    <message>
        <source>{generator} needs packages that are not installed: see Models</source>
        <translation>{generator} ha bisogno di pacchetti che non sono installati: vedi Modelli</translation>
    </message>
    <message>
        <source>{generator} painted no better seam for “{title}”: it stays at {before} %</source>
        <translation>{generator} non ha dipinto una giuntura migliore per “{title}”: resta al {before} %</translation>
    </message>
    <message>
        <source>{generator} stopped with exit code {exit_code}: {detail}.</source>
        <translation>{generator} si è fermato con codice {exit_code}: {detail}.</translation>
    </message>
    <message>
        <source>{generator} takes about {seconds} s: the composer bridges until its clip is there</source>
        <translation>{generator} richiede circa {seconds} s: il compositore fa da ponte finché la sua clip non c’è</translation>
    </message>
    <message>
        <source>{generator} takes no {name} (“{value}” was asked for): leave it out or choose another generator.</source>
        <translation>{generator} non accetta {name} (è stato chiesto “{value}”): lascialo fuori o scegli un altro generatore.</translation>
    </message>
    <message>
        <source>{generator} was not found: {hint}.</source>
        <translation>{generator} non è stato trovato: {hint}.</translation>
    </message>
    <message>
        <source>{generator} works again</source>
        <translation>{generator} funziona di nuovo</translation>
    </message>
    <message>
        <source>{generator}, seed {seed}</source>
        <translation>{generator}, seed {seed}</translation>
    </message>
    <message>
        <source>{host_api}: {name} (not there now)</source>
        <translation>{host_api}: {name} (ora non c’è)</translation>
    </message>
    <message>
        <source>{hz} Hz</source>
        <translation>{hz} Hz</translation>
    </message>
    <message>
        <source>{hz} Hz {db} dB</source>
        <translation>{hz} Hz {db} dB</translation>
    </message>
    <message>
        <source>{hz} Hz: {db} dB, peak {peak}, average {average}</source>
        <translation>{hz} Hz: {db} dB, picco {peak}, media {average}</translation>
    </message>
    <message>
        <source>{key} as asked</source>
        <translation>{key} come chiesto</translation>
    </message>
    <message>
        <source>{key} mutes it, Shift+{key} is solo, M makes another loop, Left and Right go through what played, Esc calls off what comes</source>
        <translation>{key} lo rende muto, Maiusc+{key} lo mette in solo, M crea un altro loop, Sinistra e Destra scorrono ciò che ha suonato, Esc disdice ciò che arriva</translation>
    </message>
    <message>
        <source>{key}, not {asked}</source>
        <translation>{key}, non {asked}</translation>
    </message>
    <message>
        <source>{key}, relative of {asked}</source>
        <translation>{key}, relativa di {asked}</translation>
    </message>
    <message>
        <source>{left} left</source>
        <translation>ancora {left}</translation>
    </message>
    <message>
        <source>{loudness} LUFS</source>
        <translation>{loudness} LUFS</translation>
    </message>
    <message>
        <source>{low} – {high} Hz</source>
        <translation>{low} – {high} Hz</translation>
    </message>
    <message>
        <source>{machine} asks for a token: name the file with it, by --remote-token-file or in SETUP, under Another machine.</source>
        <translation>{machine} chiede un token: nomina il file che lo contiene, con --remote-token-file o in SETUP, sotto Un’altra macchina.</translation>
    </message>
    <message>
        <source>{machine} does not accept the token: name the file with the token it was started with, by --remote-token-file or in SETUP, under Another machine.</source>
        <translation>{machine} non accetta il token: nomina il file con il token con cui è stata avviata, con --remote-token-file o in SETUP, sotto Un’altra macchina.</translation>
    </message>
    <message>
        <source>{machine} does not answer within {limit_s:g} s.</source>
        <translation>{machine} non risponde entro {limit_s:g} s.</translation>
    </message>
    <message>
        <source>{machine} is busy: {detail}.</source>
        <translation>{machine} è occupata: {detail}.</translation>
    </message>
    <message>
        <source>{machine} is too slow: a second of music takes it {pace:.1f} s, and {limit:g} s are set as the slowest.</source>
        <translation>{machine} è troppo lenta: per un secondo di musica le servono {pace:.1f} s, e il limite impostato è {limit:g} s.</translation>
    </message>
    <message>
        <source>{machine} lacks the weights of the model “{model}”: “infiniloop models get {repository}” fetches them there.</source>
        <translation>{machine} non ha i pesi del modello “{model}”: li scarica “infiniloop models get {repository}”, lanciato là.</translation>
    </message>
    <message>
        <source>{machine} made no clip: {detail}.</source>
        <translation>{machine} non ha prodotto nessuna clip: {detail}.</translation>
    </message>
    <message>
        <source>{machine} no longer knows the clip: it was started again, or heard nothing of us for long.</source>
        <translation>{machine} non conosce più la clip: è stata riavviata, o a lungo non ha sentito niente da noi.</translation>
    </message>
    <message>
        <source>{machine} refuses connections: is a server (“infiniloop serve”) running there, at that port?</source>
        <translation>{machine} rifiuta i collegamenti: là gira un server (“infiniloop serve”), su quella porta?</translation>
    </message>
    <message>
        <source>{machine} speaks version {theirs} of the protocol and this studio {ours}: update the older one.</source>
        <translation>{machine} parla la versione {theirs} del protocollo e questo studio la {ours}: aggiorna quello più vecchio.</translation>
    </message>
    <message>
        <source>{minutes} min</source>
        <translation>{minutes} min</translation>
    </message>
    <message>
        <source>{minutes} min left</source>
        <translation>{minutes} min</translation>
    </message>
    <message>
        <source>{minutes} min {seconds:02d} s</source>
        <translation>{minutes} min {seconds:02d} s</translation>
    </message>
    <message>
        <source>{mix}, loop {n}</source>
        <translation>{mix}, loop {n}</translation>
    </message>
    <message>
        <source>{ms} ms latency</source>
        <translation>latenza {ms} ms</translation>
    </message>
    <message>
        <source>{name} again</source>
        <translation>{name} di nuovo</translation>
    </message>
    <message>
        <source>{name} is given twice: leave one of them out.</source>
        <translation>{name} è dato due volte: togline uno.</translation>
    </message>
    <message>
        <source>{name} is {value}, and must be from {low} to {high}.</source>
        <translation>{name} è {value}, e deve essere da {low} a {high}.</translation>
    </message>
    <message>
        <source>{name} is “{value}”, and must be {kind}.</source>
        <translation>{name} è “{value}”, e deve essere {kind}.</translation>
    </message>
    <message>
        <source>{name} says how {option} is done: give both, or neither.</source>
        <translation>{name} dice come si fa {option}: indica entrambi, o nessuno dei due.</translation>
    </message>
    <message>
        <source>{name}, automated</source>
        <translation>{name}, automatizzato</translation>
    </message>
    <message>
        <source>{note} {cents:+} ct</source>
        <translation>{note} {cents:+} ct</translation>
    </message>
    <message>
        <source>{n} bar</source>
        <translation>{n} battuta</translation>
    </message>
    <message>
        <source>{n} bars</source>
        <translation>{n} battute</translation>
    </message>
    <message>
        <source>{n} beat</source>
        <translation>{n} beat</translation>
    </message>
    <message>
        <source>{n} beats</source>
        <translation>{n} beat</translation>
    </message>
    <message>
        <source>{n} d</source>
        <translation>{n} g</translation>
    </message>
    <message>
        <source>{n} files and folders</source>
        <translation>{n} file e cartelle</translation>
    </message>
    <message>
        <source>{n} found</source>
        <translation>{n} trovati</translation>
    </message>
    <message>
        <source>{n} h</source>
        <translation>{n} h</translation>
    </message>
    <message>
        <source>{n} lines differ</source>
        <translation>{n} righe diverse</translation>
    </message>
    <message>
        <source>{n} min</source>
        <translation>{n} min</translation>
    </message>
    <message>
        <source>{n} more wait</source>
        <translation>{n} altri in attesa</translation>
    </message>
    <message>
        <source>{n} of {all} cannot be played. The last of them: {why}</source>
        <translation>{n} su {all} non si possono suonare. L'ultimo: {why}</translation>
    </message>
    <message>
        <source>{n} ready</source>
        <translation>{n} pronti</translation>
    </message>
    <message>
        <source>{n} requests wait.</source>
        <translation>{n} richieste aspettano.</translation>
    </message>
    <message>
        <source>{n} s</source>
        <translation>{n} s</translation>
    </message>
    <message>
        <source>{n} sounds</source>
        <translation>{n} suoni</translation>
    </message>
    <message>
        <source>{n} takes</source>
        <translation>{n} riprese</translation>
    </message>
    <message>
        <source>{n} takes were deleted: Ctrl+Z brings them back</source>
        <translation>{n} riprese eliminate: Ctrl+Z le riporta</translation>
    </message>
    <message>
        <source>{n} wait</source>
        <translation>{n} in attesa</translation>
    </message>
    <message>
        <source>{n} xruns</source>
        <translation>{n} xrun</translation>
    </message>
    <message>
        <source>{option} is for many clips: give --from with the file of their prompts.</source>
        <translation>{option} è per molte clip: dai --from con il file dei loro prompt.</translation>
    </message>
    <message>
        <source>{option} is for one clip: leave it out with --from.</source>
        <translation>{option} è per una sola clip: lascialo fuori con --from.</translation>
    </message>
    <message>
        <source>{output} → {input}: {ms} ms there and back (spread {spread} ms). Takes are placed by it.</source>
        <translation>{output} → {input}: {ms} ms tra andata e ritorno (dispersione {spread} ms). Le riprese si allineano così.</translation>
    </message>
    <message>
        <source>{painter} paints the music around the joint anew: {done}. Press to leave it as it is</source>
        <translation>{painter} ridipinge la musica attorno al punto di unione: {done}. Premi per lasciarla com’è</translation>
    </message>
    <message>
        <source>{percent} %</source>
        <translation>{percent} %</translation>
    </message>
    <message>
        <source>{said} % swing is out of range</source>
        <translation>{said} % di swing è fuori dai limiti</translation>
    </message>
    <message>
        <source>{said} % swing is out of range: 0–100; the style's own swing is used</source>
        <translation>{said} % di swing è fuori dai limiti: 0–100; si usa lo swing dello stile</translation>
    </message>
    <message>
        <source>{said} bars</source>
        <translation>{said} battute</translation>
    </message>
    <message>
        <source>{said} bars are out of range</source>
        <translation>{said} battute sono fuori dai limiti</translation>
    </message>
    <message>
        <source>{said} bars are out of range: 1–64; the number of bars follows from the length</source>
        <translation>{said} battute sono fuori dai limiti: 1–64; il numero di battute segue dalla durata</translation>
    </message>
    <message>
        <source>{said} bpm</source>
        <translation>{said} bpm</translation>
    </message>
    <message>
        <source>{said} bpm is out of range</source>
        <translation>{said} bpm è fuori dai limiti</translation>
    </message>
    <message>
        <source>{said} bpm is out of range: 30–300; the style's own tempo is used</source>
        <translation>{said} bpm è fuori dai limiti: 30–300; si usa il tempo dello stile</translation>
    </message>
    <message>
        <source>{said} is not a metre it knows</source>
        <translation>{said} non è un metro che conosce</translation>
    </message>
    <message>
        <source>{said} is not a metre it knows: 2/4, 3/4, 4/4, 5/4, 6/4, 7/4, 5/8, 6/8, 7/8, 9/8, 12/8</source>
        <translation>{said} non è un metro che conosce: 2/4, 3/4, 4/4, 5/4, 6/4, 7/4, 5/8, 6/8, 7/8, 9/8, 12/8</translation>
    </message>
    <message>
        <source>{seconds:.2f} s</source>
        <translation>{seconds:.2f} s</translation>
    </message>
    <message>
        <source>{seconds} s</source>
        <translation>{seconds} s</translation>
    </message>
    <message>
        <source>{seconds} s left</source>
        <translation>{seconds} s</translation>
    </message>
    <message>
        <source>{seconds} s long</source>
        <translation>lungo {seconds} s</translation>
    </message>
    <message>
        <source>{seconds} → archive/{archived} alone: all slots are frozen</source>
        <translation>{seconds} → solo archive/{archived}: tutti gli slot sono congelati</translation>
    </message>
    <message>
        <source>{size} free in {folder}</source>
        <translation>{size} liberi in {folder}</translation>
    </message>
    <message>
        <source>{slot}, is queued</source>
        <translation>{slot}, è in coda</translation>
    </message>
    <message>
        <source>{slot}, plays</source>
        <translation>{slot}, suona</translation>
    </message>
    <message>
        <source>{source}, in {place}</source>
        <translation>{source}, in {place}</translation>
    </message>
    <message>
        <source>{tempo} bpm</source>
        <translation>{tempo} bpm</translation>
    </message>
    <message>
        <source>{tempo} bpm as asked</source>
        <translation>{tempo} bpm come chiesto</translation>
    </message>
    <message>
        <source>{tempo} bpm, half of {asked}</source>
        <translation>{tempo} bpm, la metà di {asked}</translation>
    </message>
    <message>
        <source>{tempo} bpm, not {asked}</source>
        <translation>{tempo} bpm, non {asked}</translation>
    </message>
    <message>
        <source>{tempo} bpm, twice {asked}</source>
        <translation>{tempo} bpm, il doppio di {asked}</translation>
    </message>
    <message>
        <source>{time:.3f} s</source>
        <translation>{time:.3f} s</translation>
    </message>
    <message>
        <source>{trouble} Meanwhile it is sent to “{device}”.</source>
        <translation>{trouble} Nel frattempo va a “{device}”.</translation>
    </message>
    <message>
        <source>{verdict}, but {faults}</source>
        <translation>{verdict}, ma {faults}</translation>
    </message>
    <message>
        <source>{volume} dB</source>
        <translation>{volume} dB</translation>
    </message>
    <message>
        <source>{wanted} samples were written, {n} are read</source>
        <translation>{wanted} campioni scritti, {n} letti</translation>
    </message>
    <message>
        <source>“infiniloop models setup diffusion” installs what it runs on</source>
        <translation>ciò che gli serve lo installa “infiniloop models setup diffusion”</translation>
    </message>
    <message>
        <source>“infiniloop models setup musicgen” installs what it runs on</source>
        <translation>ciò che gli serve lo installa “infiniloop models setup musicgen”</translation>
    </message>
    <message>
        <source>“{address}” does not name a mount of Icecast: it is like icecast://radio.example.org:8000/calm.mp3 (or .opus, .aac, .flac); the password is in a file (--icecast-password-file).</source>
        <translation>“{address}” non indica un mount di Icecast: è come icecast://radio.example.org:8000/calm.mp3 (o .opus, .aac, .flac); la password sta in un file (--icecast-password-file).</translation>
    </message>
    <message>
        <source>“{device}” is back</source>
        <translation>“{device}” è tornato</translation>
    </message>
    <message>
        <source>“{lead}” → “{incoming}”</source>
        <translation>“{lead}” → “{incoming}”</translation>
    </message>
    <message>
        <source>“{length}” lasts {length_s:.2f} s, and the loop’s first turn ends at {least_s:.2f} s, so nothing would repeat: give a longer length (2:37 is two minutes and 37 seconds).</source>
        <translation>“{length}” dura {length_s:.2f} s e il primo giro del loop finisce a {least_s:.2f} s, quindi nulla si ripeterebbe: indica una durata maggiore (2:37 sono due minuti e 37 secondi).</translation>
    </message>
    <message>
        <source>“{machine}” does not play along: {detail}.</source>
        <translation>“{machine}” non suona insieme: {detail}.</translation>
    </message>
    <message>
        <source>“{missed}” is gone: sound goes to “{device}” until it is back</source>
        <translation>“{missed}” non c'è più: il suono va a “{device}” finché non torna</translation>
    </message>
    <message>
        <source>“{name}” carries no recipe; files that the studio writes do.</source>
        <translation>“{name}” non porta una ricetta; i file scritti dallo studio sì.</translation>
    </message>
    <message>
        <source>“{name}” holds a jam. Keep this one in its place?</source>
        <translation>“{name}” contiene una jam. Conservare questa al suo posto?</translation>
    </message>
    <message>
        <source>“{name}” is being fetched by another program: wait until that is done.</source>
        <translation>“{name}” lo sta scaricando un altro programma: aspetta che abbia finito.</translation>
    </message>
    <message>
        <source>“{name}” is fetched by {generator} itself, the first time that it makes a clip with it.</source>
        <translation>“{name}” lo scarica {generator} da sé, la prima volta che ci fa una clip.</translation>
    </message>
    <message>
        <source>“{name}” is in the trash.</source>
        <translation>“{name}” è nel cestino.</translation>
    </message>
    <message>
        <source>“{name}” is not on this machine: “infiniloop models get {name}” fetches it.</source>
        <translation>“{name}” non è su questa macchina: lo scarica “infiniloop models get {name}”.</translation>
    </message>
    <message>
        <source>“{name}” is on this machine now</source>
        <translation>“{name}” ora è su questa macchina</translation>
    </message>
    <message>
        <source>“{name}” is still being recorded: end that first.</source>
        <translation>“{name}” è ancora in registrazione: prima terminala.</translation>
    </message>
    <message>
        <source>“{name}” needs {needed} and only {free} are free in “{path}”: free some space, or choose another folder for models in SETUP → Folders.</source>
        <translation>“{name}” chiede {needed} e in “{path}” sono liberi solo {free}: libera spazio, o scegli un’altra cartella dei modelli in SETUP → Cartelle.</translation>
    </message>
    <message>
        <source>“{name}” was not made: {why}</source>
        <translation>“{name}” non è stato fatto: {why}</translation>
    </message>
    <message>
        <source>“{name}” was not put there by the studio: remove “{path}” by hand.</source>
        <translation>“{name}” non l’ha messo lì lo studio: rimuovi “{path}” a mano.</translation>
    </message>
    <message>
        <source>“{name}” was removed</source>
        <translation>“{name}” è stato rimosso</translation>
    </message>
    <message>
        <source>“{name}”: {detail}</source>
        <translation>“{name}”: {detail}</translation>
    </message>
    <message>
        <source>“{name}”: {stage}</source>
        <translation>“{name}”: {stage}</translation>
    </message>
    <message>
        <source>“{name}”: {why}</source>
        <translation>“{name}”: {why}</translation>
    </message>
    <message>
        <source>“{origin}” is no site’s origin: it is like https://example.org, or http://localhost:3000, without a path.</source>
        <translation>“{origin}” non è l’origine di un sito: è come https://example.org, o http://localhost:3000, senza percorso.</translation>
    </message>
    <message>
        <source>“{path}” and {n_more} more are there already: name another place, or replace them with --force.</source>
        <translation>“{path}” e altri {n_more} ci sono già: indica un altro posto, o sostituiscili con --force.</translation>
    </message>
    <message>
        <source>“{path}” came from {address} with other bytes than its checksum says, and was thrown away: try again, and if it happens again do not trust that address.</source>
        <translation>“{path}” è arrivato da {address} con altri byte da quelli della sua somma di controllo, ed è stato buttato: riprova, e se succede ancora non fidarti di quell’indirizzo.</translation>
    </message>
    <message>
        <source>“{path}” came to be meanwhile and was left alone: what was made is “{kept}”.</source>
        <translation>“{path}” è comparso nel frattempo e non è stato toccato: quello che è stato fatto è “{kept}”.</translation>
    </message>
    <message>
        <source>“{path}” cannot be gone on from ({detail}): name a take of a piece by the same generator.</source>
        <translation>Non si può proseguire da “{path}” ({detail}): indica una ripresa di un brano dello stesso generatore.</translation>
    </message>
    <message>
        <source>“{path}” cannot be played as a SoundFont ({detail}), so the synthesised instruments are: choose another .sf2 or .sf3 file, or none.</source>
        <translation>“{path}” non si può suonare come SoundFont ({detail}), quindi si suonano gli strumenti sintetizzati: scegli un altro file .sf2 o .sf3, o nessuno.</translation>
    </message>
    <message>
        <source>“{path}” cannot be read ({detail}).</source>
        <translation>“{path}” non si può leggere ({detail}).</translation>
    </message>
    <message>
        <source>“{path}” cannot be used for {name} ({detail}): correct it or leave it empty.</source>
        <translation>“{path}” non si può usare per {name} ({detail}): correggilo o lascialo vuoto.</translation>
    </message>
    <message>
        <source>“{path}” cannot be used: {detail}.</source>
        <translation>“{path}” non si può usare: {detail}.</translation>
    </message>
    <message>
        <source>“{path}” cannot be written ({detail}): choose another place or free some space.</source>
        <translation>“{path}” non si può scrivere ({detail}): scegli un altro posto o libera spazio.</translation>
    </message>
    <message>
        <source>“{path}” cannot be written ({detail}): choose another place.</source>
        <translation>“{path}” non si può scrivere ({detail}): scegli un altro posto.</translation>
    </message>
    <message>
        <source>“{path}” cannot hold {what}: {way_out}.</source>
        <translation>“{path}” non può contenere {what}: {way_out}.</translation>
    </message>
    <message>
        <source>“{path}” could not be moved to the trash: delete it yourself.</source>
        <translation>“{path}” non è stato spostato nel cestino: eliminalo tu.</translation>
    </message>
    <message>
        <source>“{path}” does not begin with “/”: name the whole path.</source>
        <translation>“{path}” non comincia con “/”: indica il percorso intero.</translation>
    </message>
    <message>
        <source>“{path}” does not end in one of {choices}: name the format by the file's ending.</source>
        <translation>“{path}” non finisce in uno di {choices}: indica il formato con la fine del nome.</translation>
    </message>
    <message>
        <source>“{path}” does not end in {choices}: only that is written here.</source>
        <translation>“{path}” non finisce in {choices}: qui si scrive solo così.</translation>
    </message>
    <message>
        <source>“{path}” is damaged ({detail}): only its first {seconds:.2f} s can be read. Use a whole copy of it to write from.</source>
        <translation>“{path}” è danneggiato ({detail}): se ne leggono solo i primi {seconds:.2f} s. Per scriverne un altro file usa una copia intera.</translation>
    </message>
    <message>
        <source>“{path}” is not a jam: {detail}. A jam is a folder with a file “jam.json”.</source>
        <translation>“{path}” non è una jam: {detail}. Una jam è una cartella con un file “jam.json”.</translation>
    </message>
    <message>
        <source>“{path}” is not an audio file this program can read ({detail}): try WAV, FLAC or OGG.</source>
        <translation>“{path}” non è un file audio che questo programma sa leggere ({detail}): prova WAV, FLAC o OGG.</translation>
    </message>
    <message>
        <source>“{path}” is of a format without loop tags ({format}): convert it to one of {choices}.</source>
        <translation>“{path}” è di un formato senza tag di loop ({format}): convertilo in uno di {choices}.</translation>
    </message>
    <message>
        <source>“{path}” is read-only: its takes can be played, but nothing is kept there; to keep new ones choose another folder in SETUP → Folders.</source>
        <translation>“{path}” è in sola lettura: le sue riprese si possono suonare, ma non vi si conserva nulla; per conservarne di nuove scegli un'altra cartella in SETUP → Cartelle.</translation>
    </message>
    <message>
        <source>“{path}” is the sound itself, or another one that is read: name another file to write.</source>
        <translation>“{path}” è il suono stesso, o un altro che viene letto: indica un altro file da scrivere.</translation>
    </message>
    <message>
        <source>“{path}” is there already: name another file, or replace it with --force.</source>
        <translation>“{path}” c'è già: indica un altro file, o sostituiscilo con --force.</translation>
    </message>
    <message>
        <source>“{path}” is there already: name another file.</source>
        <translation>“{path}” c’è già: indica un altro file.</translation>
    </message>
    <message>
        <source>“{path}” was not made: what made it was ended.</source>
        <translation>“{path}” non è stato creato: chi lo creava è stato interrotto.</translation>
    </message>
    <message>
        <source>“{path}” would take {needed}, and {limit}: {way_out}.</source>
        <translation>“{path}” occuperebbe {needed}, e {limit}: {way_out}.</translation>
    </message>
    <message>
        <source>“{prompt}”</source>
        <translation>“{prompt}”</translation>
    </message>
    <message>
        <source>“{prompt}” came out silent: no slot is used up</source>
        <translation>“{prompt}” è risultato muto: nessuno slot è occupato</translation>
    </message>
    <message>
        <source>“{repository}” is given only to who accepted its licence: accept the licence on {address}, then “hf auth login” in a terminal, and try again.</source>
        <translation>“{repository}” si dà solo a chi ne ha accettato la licenza: accettala su {address}, poi “hf auth login” in un terminale, e riprova.</translation>
    </message>
    <message>
        <source>“{repository}” is not to be had at {address}: it was moved, removed or is private.</source>
        <translation>“{repository}” su {address} non si trova: è stato spostato, rimosso o è privato.</translation>
    </message>
    <message>
        <source>“{said}” is left out</source>
        <translation>“{said}” è lasciato fuori</translation>
    </message>
    <message>
        <source>“{said}” is left out: a piece mixes two styles at most</source>
        <translation>“{said}” è lasciato fuori: un brano mescola al massimo due stili</translation>
    </message>
    <message>
        <source>“{title}” cannot be rated: it ships with the studio.</source>
        <translation>“{title}” non si può votare: è dello studio.</translation>
    </message>
    <message>
        <source>“{title}” comes in at the loop's end</source>
        <translation>“{title}” entra alla fine del loop</translation>
    </message>
    <message>
        <source>“{title}” comes in at the next bar</source>
        <translation>“{title}” entra alla prossima battuta</translation>
    </message>
    <message>
        <source>“{title}” comes in now</source>
        <translation>“{title}” entra adesso</translation>
    </message>
    <message>
        <source>“{title}” does not loop: {share} % of it is played through</source>
        <translation>“{title}” non torna in loop: ne suona per intero il {share} %</translation>
    </message>
    <message>
        <source>“{title}” does not loop: {share} % of it is played through, with a seam of {seconds:.1f} s</source>
        <translation>“{title}” non torna in loop: ne suona per intero il {share} %, con una giuntura di {seconds:.1f} s</translation>
    </message>
    <message>
        <source>“{title}” hardly loops: score {score} %, the best there is</source>
        <translation>“{title}” si ripete a fatica: punteggio {score} %, il meglio che c’è</translation>
    </message>
    <message>
        <source>“{title}” is decoded again</source>
        <translation>“{title}” si decodifica di nuovo</translation>
    </message>
    <message>
        <source>“{title}” is in the library already</source>
        <translation>“{title}” è già nella raccolta</translation>
    </message>
    <message>
        <source>“{title}” is no longer in memory or in the library: nothing was put back</source>
        <translation>“{title}” non è più in memoria né nella raccolta: nulla è stato ripristinato</translation>
    </message>
    <message>
        <source>“{title}” is ready</source>
        <translation>“{title}” è pronto</translation>
    </message>
    <message>
        <source>“{title}” is still being made: its seam can be mended after that</source>
        <translation>“{title}” è ancora in lavorazione: la giuntura si potrà cucire dopo</translation>
    </message>
    <message>
        <source>“{title}” is written</source>
        <translation>“{title}” si scrive</translation>
    </message>
    <message>
        <source>“{title}” loops worse than usual ({score} %): another one is made for it</source>
        <translation>“{title}” torna in loop peggio del solito ({score} %): se ne fa un’altra al suo posto</translation>
    </message>
    <message>
        <source>“{title}” was deleted: Ctrl+Z brings it back</source>
        <translation>“{title}” è stata eliminata: Ctrl+Z la riporta</translation>
    </message>
    <message>
        <source>“{title}” will not come again</source>
        <translation>“{title}” non tornerà</translation>
    </message>
    <message>
        <source>“{value}” is the name of several models: say which of {choices}.</source>
        <translation>“{value}” è il nome di più modelli: di’ quale tra {choices}.</translation>
    </message>
    <message>
        <source>“{verb}” needs more: {usage}.</source>
        <translation>A “{verb}” manca qualcosa: {usage}.</translation>
    </message>
    <message>
        <source>“{verb}” takes no more than that: leave “{value}” out.</source>
        <translation>“{verb}” non prende altro: togli “{value}”.</translation>
    </message>
    <message>
        <source>‹ Back</source>
        <translation>‹ Indietro</translation>
    </message>
    <message>
        <source>← → another view · Esc leaves</source>
        <translation>← → altra vista · Esc esce</translation>
    </message>
    <message>
        <source>−100 dB</source>
        <translation>−100 dB</translation>
    </message>
    <message>
        <source>−120 dB</source>
        <translation>−120 dB</translation>
    </message>
    <message>
        <source>−60 dB</source>
        <translation>−60 dB</translation>
    </message>
    <message>
        <source>−80 dB</source>
        <translation>−80 dB</translation>
    </message>
</context>
</TS>
