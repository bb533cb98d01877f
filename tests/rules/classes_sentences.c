/* SPDX-License-Identifier: BSD-2-Clause */
/* Sentences of registrars' mails, in our own words: each Body and Domain-Wording pattern has one.
 */
#include <stddef.h>

#include "tests/rules/classes_subjects.h"

#define BODY    false
#define WORDING true

const struct class_sentence class_sentences[] = {
    /* verification */
    {CLASS_VERIFICATION, BODY, "please confirm that your contact details are right"},
    {CLASS_VERIFICATION, BODY, "We wait for the verification of your domain name."},
    {CLASS_VERIFICATION, BODY, "Your e-mail address has not yet been validated."},
    {CLASS_VERIFICATION, BODY, "The registrant has not been verified."},
    {CLASS_VERIFICATION, WORDING, "Rules that ICANN has made"},
    {CLASS_VERIFICATION, WORDING, "the public WHOIS shows"},
    {CLASS_VERIFICATION, WORDING, "your domain name registration"},
    {CLASS_VERIFICATION, WORDING, "the registrant's contact data"},
    {CLASS_VERIFICATION, WORDING, "you are registered for the domain"},
    {CLASS_VERIFICATION, WORDING, "the domain name example.com will be suspended"},
    {CLASS_VERIFICATION, WORDING, "otherwise we suspend your domain"},
    {CLASS_VERIFICATION, BODY, "Ihre E-Mail-Adresse muss bis morgen bestätigt werden."},
    {CLASS_VERIFICATION, BODY, "Überprüfen Sie bitte Ihre hier genannten Angaben."},
    {CLASS_VERIFICATION, BODY, "Zur Verifizierung Ihrer Domain klicken Sie hier."},
    {CLASS_VERIFICATION, WORDING, "Regeln für Domainregistrierungen"},
    {CLASS_VERIFICATION, WORDING, "bei der Registrierung Ihrer Domain"},
    {CLASS_VERIFICATION, WORDING, "als Domaininhaberin"},
    {CLASS_VERIFICATION, WORDING, "wird die Domain example.com am Ende der Frist gesperrt"},
    /* suspension */
    {CLASS_SUSPENSION, BODY, "example.com was suspended. To end this, verify your address."},
    {CLASS_SUSPENSION, BODY, "Nobody confirmed the address, so example.com is now on hold."},
    {CLASS_SUSPENSION, BODY, "example.com ist gesperrt. Bitte die Adresse hier verifizieren."},
    {CLASS_SUSPENSION, BODY, "Da Sie nicht bestätigt haben, wurde example.com deaktiviert."},
    /* renewal */
    {CLASS_RENEWAL, BODY, "the domain example.com will expire"},
    {CLASS_RENEWAL, BODY, "Expiration date of your domain: 2026-12-20"},
    {CLASS_RENEWAL, BODY, "Renew it in time."},
    {CLASS_RENEWAL, WORDING, "the Expired Registration Recovery Policy"},
    {CLASS_RENEWAL, WORDING, "that the domain name example.com expires"},
    {CLASS_RENEWAL, BODY, "dass die Domain example.com am 20.12.2026 abläuft"},
    {CLASS_RENEWAL, BODY, "Ablaufdatum der Domain: 20.12.2026"},
    {CLASS_RENEWAL, BODY, "Bitte verlängern Sie rechtzeitig."},
    {CLASS_RENEWAL, BODY, "Wollen Sie die Domain behalten und verlängern, so"},
    {CLASS_RENEWAL, WORDING, "Die Domain example.com ist abgelaufen."},
    /* change-of-registrant */
    {CLASS_CHANGE_OF_REGISTRANT, BODY, "an inter-registrant transfer"},
    {CLASS_CHANGE_OF_REGISTRANT, BODY, "the change of the domain name owner"},
    {CLASS_CHANGE_OF_REGISTRANT, BODY, "The ownership transfer of example.com"},
    {CLASS_CHANGE_OF_REGISTRANT, BODY, "asked to change the registrant"},
    {CLASS_CHANGE_OF_REGISTRANT, BODY, "The new domain owner is Max Sample."},
    {CLASS_CHANGE_OF_REGISTRANT, WORDING, "Prior registrant: Erika Example"},
    {CLASS_CHANGE_OF_REGISTRANT, WORDING, "a change of registrant"},
    {CLASS_CHANGE_OF_REGISTRANT, BODY, "ein Domaininhaberwechsel"},
    {CLASS_CHANGE_OF_REGISTRANT, BODY, "der Wechsel des Domain-Inhabers"},
    {CLASS_CHANGE_OF_REGISTRANT, BODY, "Neuer Inhaber: Max Sample"},
    {CLASS_CHANGE_OF_REGISTRANT, WORDING, "der bisherige Domaininhaber"},
    /* transfer-out */
    {CLASS_TRANSFER_OUT, BODY, "you asked for a transfer of example.com to another registrar"},
    {CLASS_TRANSFER_OUT, BODY,
     "If you want to proceed with this transfer, you do not need to respond to us."},
    {CLASS_TRANSFER_OUT, BODY, "To stop the domain transfer, go to"},
    {CLASS_TRANSFER_OUT, BODY, "Otherwise the transfer will go through."},
    {CLASS_TRANSFER_OUT, WORDING, "another domain name registrar"},
    {CLASS_TRANSFER_OUT, WORDING, "DOMAIN NAME TRANSFER"},
    {CLASS_TRANSFER_OUT, BODY, "den Transfer von example.com zu einem anderen Domain-Registrar"},
    {CLASS_TRANSFER_OUT, BODY, "Wollen Sie den Transfer der Domain ablehnen, so"},
    {CLASS_TRANSFER_OUT, BODY, "Dann müssen Sie nicht antworten."},
    {CLASS_TRANSFER_OUT, WORDING, "zu einem anderen Domainnamen-Registrar"},
    /* transfer-in */
    {CLASS_TRANSFER_IN, BODY, "a request for us to become the new registrar of record"},
    {CLASS_TRANSFER_IN, BODY, "Please authorise the transfer to us."},
    {CLASS_TRANSFER_IN, BODY, "Initial Authorization for Registrar Transfer"},
    {CLASS_TRANSFER_IN, WORDING, "The present registrar of record is"},
    {CLASS_TRANSFER_IN, BODY, "um neuer Domain-Registrar zu werden"},
    {CLASS_TRANSFER_IN, BODY, "den Transfer der Domain example.com zu uns"},
    /* wdrp */
    {CLASS_WDRP, BODY, "Your registration data: Erika Example. Are they correct?"},
    {CLASS_WDRP, BODY, "Please check whether your contact details"},
    {CLASS_WDRP, BODY, "Die Kontaktdaten: Erika Example. Sind sie richtig?"},
    {CLASS_WDRP, BODY, "Bitte prüfen, ob Ihre Whois-Daten"},
    /* nis2 */
    {CLASS_NIS2, BODY, "the NIS-2 directive"},
    {CLASS_NIS2, BODY, "the directive on network and information security"},
    {CLASS_NIS2, BODY, "The registry of .example requires that registrars verify"},
    {CLASS_NIS2, BODY, "nach der Richtlinie (EU) 2022/2555"},
    {CLASS_NIS2, BODY, "Die Registrierungsstelle von .example verlangt"},
    {0, BODY, NULL},
};
