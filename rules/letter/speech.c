/* SPDX-License-Identifier: BSD-2-Clause */
/* speech.c - see speech.h. In each list by language: English, German, French, Spanish, Italian,
 * Portuguese, Dutch, Swedish, Danish, Polish, Czech, Turkish, Vietnamese, Indonesian, and those
 * that are written without spaces. */
#include "rules/letter/speech.h"

#include <stddef.h>

/* clang-format off */
const char *const speech_until[] = {
    "until$", "untill$", "till$", "by$", "before$", "than$", "latest$",
    "bis$", "vor$",
    "avant$", "jusqu'au$", "jusqu’au$", "jusqu$", "jusquau$", "tard$",
    "antes$", "hasta$", "tardar$",
    "entro$", "oltre$", "fino$",
    "ate$",
    "voor$", "tot$", "uiterlijk$",
    "senast$", "fore$", "innan$",
    "senest$", "inden$",
    "do$", "przed$", "pozniej$",
    "nejpozdeji$", "pred$",
    "truoc$", "den ngay$", "cho den$", "den het$", "den luc$", "den truoc$",
    "sebelum$", "hingga$", "sampai$", "lambat$",
    NULL};

const char *const speech_thursday[] = {"do$", NULL};

const char *const speech_before_day[] = {
    "am$", "vom$", "bis$", "seit$", "ab$", "den$", "dem$", "zum$", "vor$", "spatestens$", "spaetestens$",
    "op$", "van$", "tot$", "sinds$", "per$", "vanaf$", "voor$", "uiterlijk$",
    NULL};

const char *const speech_do_is_until[] = {
    "stycznia$", "lutego$", "marca$", "kwietnia$", "maja$", "czerwca$", "lipca$", "sierpnia$",
    "wrzesnia$", "pazdziernika$", "listopada$", "grudnia$", "r$", "roku$", "godz",
    "ledna$", "unora$", "brezna$", "dubna$", "kvetna$", "cervna$", "cervence$", "srpna$", "zari$",
    "rijna$", "listopadu$", "prosince$", "hod$", "hodin",
    NULL};

const char *const speech_den[] = {"den$", NULL};

const char *const speech_filler[] = {
    "the$", "end$", "of$", "day$", "date$", "close$", "on$", "at$", "and$", "or$", "including$",
    "incl$", "midnight$", "noon$", "late$", "utc$", "gmt$", "pm$", "am$", "cet$", "cest$",
    "monday$", "tuesday$", "wednesday$", "thursday$", "friday$", "saturday$", "sunday$",
    "mon$", "tue$", "wed$", "thu$", "fri$", "sat$", "sun$",
    "zum$", "zur$", "dem$", "den$", "der$", "um$", "ende$", "des$", "und$", "uhr$",
    "einschließlich$", "einschliesslich$",
    "montag$", "dienstag$", "mittwoch$", "donnerstag$", "freitag$", "samstag$", "sonnabend$",
    "sonntag$", "mo$", "di$", "mi$", "fr$", "sa$", "so$",
    "le$", "la$", "au$", "a$", "plus$", "fin$", "lundi$", "mardi$", "mercredi$", "jeudi$",
    "vendredi$", "samedi$", "dimanche$",
    "el$", "del$", "dia$", "de$", "lunes$", "martes$", "miercoles$", "jueves$", "viernes$",
    "sabado$", "domingo$",
    "il$", "al$", "giorno$", "e$", "non$", "lunedi$", "martedi$", "mercoledi$", "giovedi$",
    "venerdi$", "sabato$", "domenica$",
    "o$", "ao$", "segunda$", "terca$", "quarta$", "quinta$", "sexta$", "feira$",
    "op$", "en$", "met$", "maandag$", "dinsdag$", "woensdag$", "donderdag$", "vrijdag$",
    "zaterdag$", "zondag$",
    "mandag$", "tisdag$", "onsdag$", "torsdag$", "fredag$", "lordag$", "sondag$", "og$", "tirsdag$",
    "dnia$", "dniem$", "konca$", "w$", "niz$", "r$",
    "dne$", "data$", "v$", "konce$",
    "ngay$", "tanggal$", "tgl$", "dengan$", "pada$",
    NULL};

const char *const speech_due[] = {
    "deadline", "due$", "no later", "not later", "latest", "required until", "be suspended",
    "suspended on", "suspended from", "suspend your", "suspension date", "be deactivated",
    "deactivated on", "be disabled", "be deleted", "stop resolving", "stop working", "valid until",
    "link expires", "link will expire", "request expires", "request will expire", "respond before",
    "spatestens", "spaetestens", "frist", "fallig", "stichtag", "gesperrt", "deaktiviert",
    "suspendiert", "abgeschaltet",
    "date limite", "au plus tard", "echeance", "sera suspendu", "sera desactive", "delai expire",
    "fecha limite", "a mas tardar", "sera suspendido", "sera desactivado", "vence el plazo",
    "data limite", "scadenza", "sara sospeso", "verra sospeso", "sara disattivato", "entro e non oltre",
    "prazo", "o mais tardar", "sera suspenso", "sera desativado",
    "uiterste datum", "uiterlijk", "wordt opgeschort", "wordt geblokkeerd", "wordt opgeheven",
    "sista dag", "senast", "stangs av", "sparras",
    "senest", "suspenderes", "spærres", "deaktiveres", "lukkes den",
    "termin", "najpozniej", "zostanie zawieszona", "zostanie zablokowana",
    "nejpozdeji", "lhuta", "lhuty", "bude pozastavena", "bude zablokovana", "bude deaktivovana",
    "son tarih", "en gec", "askiya alinacak",
    "han chot", "thoi han", "cham nhat", "truoc ngay", "se bi tam ngung",
    "batas waktu", "paling lambat", "selambat", "tenggat", "akan ditangguhkan",
    "期限", "締切", "締め切り",
    "截止", "之前或", "最迟", "最遲",
    "기한", "마감",
    NULL};

const char *const speech_then[] = {
    "will be suspended", "will be deactivated", "will be disabled", "will stop", "is the deadline",
    "at the latest", "gesperrt", "deaktiviert", "suspendiert", "abgeschaltet", "spatestens",
    "au plus tard", "a mas tardar", "op zijn laatst",
    "sera suspendu", "sera desactive", "sera suspendido", "sera desactivado", "sara sospeso",
    "verra sospeso", "sera suspenso", "wordt opgeschort", "wordt geblokkeerd", "stangs", "sparras",
    "suspenderes", "zostanie zawiesz", "zostanie zablok", "bude pozastaven", "bude zablokovan",
    "tarihine kadar", "tarihinden once", "gunune kadar", "'e kadar", "'a kadar", "'ye kadar",
    "se bi tam ngung", "akan ditangguhkan", "ditangguhkan",
    "まで", "以前", "之前", "前",
    "까지", "이전", "전까지",
    NULL};

const char *const speech_expiry[] = {
    "expir", "renew", "lapse", "end date", "ends on",
    "ablauf", "ablauft", "lauft", "auslauft", "auslaufdatum", "laufzeit", "endet$", "verfallt",
    "verlanger", "erneuer", "kundig",
    "echoit", "renouvel", "renov", "venc", "caduc", "scad", "rinnov", "verloopt", "verleng",
    "vervalt", "lopen af", "gar ut", "forny", "forlang", "udlob", "wygas", "uplywa", "odnow", "prodlouz",
    "vyprs", "platnost", "konci$", "sona er", "suresi dol", "suresi bit", "yenile", "het han", "gia han", "berakhir",
    "kedaluwarsa", "kadaluarsa", "perpanjang",
    "有効期限", "更新期限",
    "満了", "失効", "到期", "过期", "過期", "續費", "续费",
    "만료", "만기",
    NULL};

const char *const speech_since[] = {
    "since$", "as of$", "created on$", "registered on$", "received on$", "requested on$",
    "changed on$", "updated on$", "dated$", "effective$", "in force on$", "introduced on$",
    "paid on$", "sent on$", "verified on$",
    "seit$", "vom$", "registriert am$", "erstellt am$", "geandert am$", "stand$", "gesendet am$",
    "depuis le$", "depuis$", "enregistre le$", "cree le$", "envoye le$", "recu le$", "en date du$",
    "desde el$", "desde$", "registrado el$", "creado el$", "enviado el$", "recibido el$",
    "dal$", "registrato il$", "creato il$", "inviato il$",
    "registrado em$", "criado em$", "enviado em$",
    "sinds$", "geregistreerd op$", "aangemaakt op$", "verzonden op$",
    "sedan$", "registrerades den$", "registrerat den$", "skapades den$",
    "siden$", "registreret den$", "oprettet den$",
    "zarejestrowana dnia$", "zarejestrowano$", "zarejestrowana$", "utworzono$", "wyslano$", "od dnia$",
    "registrovana dne$", "registrovano$", "vytvoreno$", "odeslano$", "od$",
    "tu ngay$", "dang ky ngay$", "sejak$", "sejak tanggal$", "didaftarkan pada$", "dibuat pada$",
    "aangevraagd op$", "aanmaakdatum$", "activated on$", "actualizado el$", "aggiornato il$",
    "aktualisiert am$", "aktualizovano$", "andrad$", "angelegt am$", "anmodet$", "atualizado em$",
    "ausgestellt am$", "beantragt am$", "begard$", "bekræftet den$", "bestatigt am$",
    "bestellt am$", "betaald op$", "betalades$", "betald$", "betalt$", "bezahlt am$",
    "bijgewerkt op$", "cap nhat ngay$", "commande le$", "completed on$", "confirme le$",
    "confirmed on$", "copyright$", "d.d$", "da dang ky ngay$", "da dang ky$", "da gui ngay$",
    "da tao ngay$", "data de criacao$", "data de registo$", "data de registro$",
    "data di creazione$", "data di registrazione$", "data rejestracji$", "data utworzenia$",
    "date de creation$", "datum registrace$", "datum vytvoreni$", "de fecha$", "demande le$",
    "demandee le$", "den senaste andringen$", "dibayar pada$", "dibayar$", "dibuat$",
    "dikirim pada$", "dikirim$", "diminta pada$", "diperbarui pada$", "diterima pada$",
    "diterima$", "eingegangen am$", "emessa il$", "emise le$", "emitida el$", "emitida em$",
    "enregistree le$", "erhalten am$", "factura del$", "facture du$", "factuur van$",
    "faktur tanggal$", "faktura z dnia$", "faktura z$", "faktura ze dne$", "faktura$",
    "fattura del$", "fatura de$", "fatura tarihi$", "fecha de creacion$", "fecha de registro$",
    "gekauft am$", "geverifieerd op$", "gewijzigd op$", "guncelleme tarihi$", "hoa don ngay$",
    "in data$", "invoice date$", "invoice of$", "issued on$", "kayit tarihi$", "last modified$",
    "last updated$", "mis a jour le$", "modificado el$", "modificato il$", "modifie le$",
    "modified on$", "modtaget den$", "modtaget$", "mottagen$", "ngay cap nhat$", "ngay dang ky$",
    "ngay khoi tao$", "ngay tao$", "odeme tarihi$", "olusturulma tarihi$", "ontvangen op$",
    "opdateret$", "opened on$", "oplacono$", "oprettelsesdato$", "oprettet$", "order date$",
    "order of$", "ordered on$", "otrzymano$", "overeno$", "pagado el$", "pagato il$", "pago em$",
    "paye le$", "potwierdzono$", "prijato$", "published on$", "purchased on$", "recebido em$",
    "rechnung vom$", "rechnungsdatum$", "recibida el$", "recue le$", "registado em$",
    "registered$", "registrada el$", "registratiedatum$", "registrerad$", "registrerades$",
    "registreret$", "registreringsdato$", "registreringsdatum$", "registrierungsdatum$",
    "registrovana$", "renewed on$", "ricevuta il$", "ricevuto il$", "richiesta il$",
    "richiesto il$", "sendt den$", "sendt$", "signed on$", "siparis tarihi$", "skapad$",
    "skapades$", "skickades$", "solicitada el$", "solicitado el$", "solicitado em$",
    "started on$", "submitted on$", "tanggal dibuat$", "tanggal pendaftaran$", "terdaftar pada$",
    "terdaftar sejak$", "terdaftar$", "thanh toan ngay$", "transferred on$", "uppdaterad$",
    "utworzona$", "verificado el$", "verificado em$", "verificato il$", "verifie le$",
    "verifierad$", "verifiziert am$", "verlangert am$", "vytvorena$", "z dnia$",
    "zaktualizowano$", "zaplaceno$", "zaregistrovana$", "ze dne$", "ze$", "zlozono$", "zmeneno$",
    "zmieniono$", "ændret$",
    NULL};

const char *const speech_heading_other[] = {
    "created", "creation", "registered", "registration date", "updated", "requested", "received",
    "transferred", "changed", "verified", "renewed", "angelegt", "registriert", "erstellt",
    "beantragt", "verifiziert", "enregistre", "creation", "registrado", "creado", "registrato",
    "criado", "geregistreerd", "registrerad", "registreret", "utworzen", "zarejestrowan",
    "vytvoren", "registrovan", "kayit tarihi", "ngay dang ky", "tanggal daftar",
    "登録日", "注册日", "등록일",
    "aangemaakt$", "aanmaakdatum$", "actualizado$", "aggiornato$", "aktualisiert$", "andrad$",
    "atualizado$", "bestelldatum$", "betaald$", "betald$", "betalt$", "bezahlt$", "bijgewerkt$",
    "cap nhat$", "creacion$", "creada$", "creato$", "creazione$", "cree$", "creee$", "criacao$",
    "data da fatura$", "data de criacao$", "data de registo$", "data de registro$",
    "data di creazione$", "data di registrazione$", "data fattura$", "data rejestracji$",
    "data utworzenia$", "date d'enregistrement$", "date de commande$", "date de creation$",
    "date de facture$", "datum registrace$", "datum vytvoreni$", "dibayar$", "dibuat$",
    "diperbarui$", "erstellungsdatum$", "factuurdatum$", "fecha de creacion$",
    "fecha de factura$", "fecha de pago$", "fecha de registro$", "geandert$", "gewijzigd$",
    "guncelleme tarihi$", "guncelleme$", "invoice date$", "issued$", "last change$",
    "last update$", "mise a jour$", "modificado$", "modificato$", "modifie$", "modified$",
    "ngay cap nhat$", "ngay khoi tao$", "ngay tao$", "ngay thanh toan$", "odeme tarihi$",
    "olusturulma tarihi$", "olusturulma$", "opdateret$", "oplacono$", "oprettelsesdato$",
    "oprettet$", "order date$", "ordered$", "pagado$", "pagato$", "pago$", "paid$", "paye$",
    "payment date$", "rechnungsdatum$", "registado$", "registrace$", "registratiedatum$",
    "registrazione$", "registreringsdato$", "registreringsdatum$", "registrierung$",
    "registrierungsdatum$", "rejestracji$", "sent$", "skapad$", "skapades$", "submitted$",
    "tanggal dibuat$", "tanggal pendaftaran$", "tanggal registrasi$", "terdaftar$", "uppdaterad$",
    "utworzono$", "zaplaceno$", "zmeneno$", "zmieniono$", "ændret$", "付款日期", "作成日", "创建日期",
    "创建时间", "創建日期", "受付日", "支払日", "更新日", "更新日期", "注册时间", "申請日", "註冊日期", "請求日", "결제일", "생성일",
    "수정일", "신청일", "접수일",
    NULL};

/* Phrases that are not what a word of speech_due within them says. */
const char *const speech_not_due[] = {
    "due to$", "有効期限", "更新期限", "有效期限",
    NULL};

/* Directly before a date, the end of a registration. */
const char *const speech_ends[] = {
    "registered until$", "registered through$", "registered till$", "paid until$",
    "registriert bis$", "bezahlt bis$", "enregistre jusqu'au$", "registrado hasta$",
    "registrada hasta$", "registrato fino al$", "registado ate$", "registrado ate$",
    "geregistreerd tot$", "registrerad till$", "registreret til$", "zarejestrowana do$",
    "registrovana do$",
    NULL};

const char *const speech_heading_due[] = {
    "until$", "deadline", "required", "verif", "due$", "before$", "bis$", "frist", "fallig",
    "limite", "echeance", "plazo", "scadenza", "prazo", "uiterlijk", "senast", "senest", "termin",
    "lhuta", "son tarih", "han chot", "batas",
    "期限", "締切", "截止", "기한",
    NULL};

const char *const speech_within[] = {
    "within$", "you have$", "have$", "have only$", "valid for$", "in the next$", "less than$",
    "later than$",
    "innerhalb$", "binnen$", "innert$", "maximal$", "max$", "noch$", "verbleiben$", "bleiben$",
    "wahrend$", "haben$", "gultig fur$", "spatestens nach$", "in den nachsten$",
    "dans$", "sous$", "delai$", "disposez$", "avez$", "d'ici$", "moins de$", "reste$", "restent$",
    "dentro$", "plazo$", "tiene$", "dispone$", "tienes$", "durante$", "quedan$", "queda$", "faltan$",
    "entro$", "hai$", "avete$", "ha$", "rimangono$", "restano$", "mancano$", "tempo$",
    "ate$", "prazo$", "tem$", "voce tem$", "restam$", "faltam$",
    "hebt$", "heeft$", "nog$",
    "inom$", "har$", "aterstar$",
    "inden for$", "indenfor$", "inden$", "mangler$",
    "ciagu$", "masz$", "maja panstwo$", "pozostalo$", "przeciagu$",
    "behem$", "lhute$", "mate$", "zbyva$", "zbyvaji$", "nejpozdeji do$",
    "trong vong$", "trong$", "con$", "con lai$",
    "dalam$", "dalam waktu$", "waktu$", "selama$", "tersisa$", "lambat$",
    "残り$", "剩余$", "剩餘$", "남은$",
    NULL};

const char *const speech_within_slavic[] = {"do$", NULL};

const char *const speech_within_filler[] = {
    "the$", "next$", "only$", "of$", "a$", "an$", "period$", "maximum$", "at$", "most$", "calendar$",
    "more$", "another$", "still$",
    "von$", "den$", "der$", "des$", "nachsten$", "kommenden$", "maximal$", "nur$", "sie$", "noch$",
    "les$", "un$", "une$", "de$", "d$", "prochains$", "delai$", "encore$", "plus$", "maximal$",
    "los$", "el$", "proximos$", "plazo$", "maximo$", "aun$", "solo$",
    "i$", "il$", "termine$", "di$", "prossimi$", "massimo$", "ancora$", "e$", "non$", "oltre$",
    "o$", "prazo$", "nos$", "em$", "ate$", "ainda$", "seguintes$",
    "en$", "een$", "u$", "periode$", "van$", "komende$", "nog$",
    "du$", "pa$", "dig$", "ni$", "de$", "kommande$",
    "lhute$", "vas$", "najblizszych$", "panstwo$", "jeszcze$", "jeste$", "nasledujicich$",
    "thoi$", "gian$", "waktu$", "jangka$", "maksimal$",
    NULL};

const char *const speech_left[] = {
    "left", "remain", "notice$", "to verify", "to confirm", "to validate", "to respond",
    "to complete", "to act", "from receipt", "of receipt", "of receiving",
    "verbleib", "ubrig", "zeit", "nach erhalt",
    "restant", "pour confirmer", "pour valider", "pour verifier",
    "restante", "para verificar", "para confirmar", "para validar",
    "rimanent", "rimast", "per verificare", "per confermare",
    "resterend", "om te", "over$", "de tijd$",
    "kvar$", "pa dig att", "tilbage$", "til at",
    "pozostal", "na potwierdzenie", "na weryfikacje", "zbyva", "na overeni", "na potvrzeni",
    "icinde", "icerisinde", "kaldi", "sureniz",
    "nua$", "con lai", "de xac", "lagi$", "untuk mem", "tersisa",
    "以内", "之内", "内", "之姧", "姧",
    "以內", "之內", "內", "残",
    "이내", "내", "안에", "남",
    NULL};

const char *const speech_in[] = {
    "in$", "en$", "tra$", "fra$", "em$", "over$", "om$", "za$", "sau$", NULL};

const char *const speech_ending[] = {
    "expir", "suspen", "deactivat", "disabled", "stop",
    "auslauft", "ablauft", "lauft", "gesperrt", "deaktiviert", "endet$",
    "desactiv", "sospes", "opgeschort", "verloopt", "stangs", "sparras", "zawiesz", "zablokow",
    "wygas", "pozastav", "zablokov", "vyprs", "tam ngung", "ditangguh",
    NULL};

const char *const speech_other[] = {
    "reactivat", "re-activat", "restor", "back online", "propagat", "take effect", "takes up",
    "take up", "take place", "will be transferred", "transfer to another", "be processed", "refund",
    "support", "redemption", "after expir", "following expir", "grace", "every",
    "wieder", "freischalt", "freigeschaltet", "bearbeit", "erstatt", "ruckerstatt", "jeden$", "alle$",
    "reactive", "retabli", "rembours", "propagation", "tous les",
    "reactiv", "restablec", "reembols", "propagacion", "cada$",
    "riattiv", "ripristin", "rimbors", "propagazione", "ogni$",
    "reativ", "restabelec", "propagacao",
    "heractiver", "opnieuw geactiveerd", "terugbeta", "iedere$", "elke$",
    "ateraktiver", "aterstall", "aterbetal", "varje$", "genaktiver", "gendan", "tilbagebetal", "hver$",
    "ponownie aktyw", "przywroc", "zwrot", "obnoven", "znovu aktiv", "vracen",
    "yeniden", "tekrar", "iade", "khoi phuc", "kich hoat lai", "hoan tien", "dipulihkan", "kembali$",
    "diaktifkan kembali", "dikembalikan", "setiap$",
    "復旧", "復活", "再開", "反映", "恢复", "恢復", "生效", "返金", "退款",
    "복원", "복구", "재활성", "반영", "환불",
    NULL};

const char *const speech_asked[] = {
    "verif", "confirm", "validat", "respond", "click", "approv", "valid for", "link", "suspen",
    "bestatig", "antwort", "gultig", "klick", "valid", "cliqu", "repond", "respond", "pulse",
    "conferm", "clicc", "clique", "bevestig", "geldig", "klik", "bekraft", "giltig", "gyldig",
    "potwierdz", "klikn", "wazny", "overit", "overte", "potvrd", "platny", "dogrula", "onayla",
    "xac minh", "xac nhan", "konfirmasi", "tautan",
    "認証", "確認", "验证", "驗證", "确认",
    "인증", "확인",
    NULL};

const char *const speech_between[] = {
    "calendar", "business", "working", "full", "more", "further", "additional", "consecutive",
    "weitere", "weiteren", "volle", "vollen", "ganze", "ganzen", "prochains", "proximos", "prossimi",
    "komende", "kalendarnich", "pracovnich", "celych", "kolejnych", "kommande", "hela", "is", "takvim",
    NULL};
/* clang-format on */
