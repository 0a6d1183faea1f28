/*
 * storeio: the CryptoAPI side of the interoperability tests of package sst.
 *
 *   storeio file PATH        open PATH with the file provider, list it
 *   storeio memory PATH      open its bytes with the serialized provider, list
 *   storeio elements LIST    add each element of LIST to a memory store, list
 *   storeio save PATH LIST   build a store from LIST and save it to PATH
 *   storeio time PATH        open PATH and print how long that took
 *
 * An element list is a sequence of u32 length and that many bytes; a build list
 * is the same with a u32 of commands in front of each entry. All little-endian.
 *
 * Output is one line for each certificate, CRL and CTL, in the order of the
 * store:
 *
 *   cert SHA1 PROPERTY=VALUE...
 *
 * with values in hexadecimal, and a last line "done COUNT" without which the
 * output is not complete.
 */
#define WIN32_LEAN_AND_MEAN
#include <windows.h>
#include <wincrypt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BUILD_CERT = 1, BUILD_CRL = 2, BUILD_NAME = 4, BUILD_KEY = 8, BUILD_USAGE = 16 };

#define ENCODING (X509_ASN_ENCODING | PKCS_7_ASN_ENCODING)

static void fail(const char *what)
{
    printf("error %s %08lx\n", what, GetLastError());
    fflush(stdout);
    ExitProcess(1);
}

static BYTE *read_all(const char *path, DWORD *size)
{
    HANDLE f = CreateFileA(path, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    DWORD total, got;
    BYTE *buf;

    if (f == INVALID_HANDLE_VALUE)
        fail("open");
    total = GetFileSize(f, NULL);
    buf = malloc(total + 1);
    if (!buf || !ReadFile(f, buf, total, &got, NULL) || got != total)
        fail("read");
    CloseHandle(f);
    *size = total;
    return buf;
}

static DWORD take_u32(BYTE **p, BYTE *end)
{
    DWORD v;

    if (end - *p < 4)
        fail("list");
    memcpy(&v, *p, 4);
    *p += 4;
    return v;
}

static BYTE *take_bytes(BYTE **p, BYTE *end, DWORD n)
{
    BYTE *b = *p;

    if ((DWORD)(end - b) < n)
        fail("list");
    *p = b + n;
    return b;
}

static void print_hex(const void *data, DWORD n)
{
    const BYTE *b = data;

    while (n--)
        printf("%02x", *b++);
}

static void print_digest(const BYTE *data, DWORD n)
{
    BYTE digest[20];
    DWORD size = sizeof digest;

    if (!CryptHashCertificate(0, CALG_SHA1, 0, data, n, digest, &size))
        fail("hash");
    print_hex(digest, size);
}

/* Key provider information comes as a structure with pointers: print what it
 * says, each string as its UTF-16 bytes. */
static void print_key(const CRYPT_KEY_PROV_INFO *k)
{
    print_hex(k->pwszContainerName, k->pwszContainerName ? 2 * lstrlenW(k->pwszContainerName) : 0);
    printf("/");
    print_hex(k->pwszProvName, k->pwszProvName ? 2 * lstrlenW(k->pwszProvName) : 0);
    printf("/%lu/%lu/%lu/%lu", k->dwProvType, k->dwFlags, k->cProvParam, k->dwKeySpec);
}

static int list(HCERTSTORE store)
{
    PCCERT_CONTEXT cert = NULL;
    PCCRL_CONTEXT crl = NULL;
    PCCTL_CONTEXT ctl = NULL;
    int n = 0;

    while ((cert = CertEnumCertificatesInStore(store, cert))) {
        DWORD id = 0;

        printf("cert ");
        print_digest(cert->pbCertEncoded, cert->cbCertEncoded);
        while ((id = CertEnumCertificateContextProperties(cert, id))) {
            DWORD size = 0;
            BYTE *value;

            if (!CertGetCertificateContextProperty(cert, id, NULL, &size))
                fail("property size");
            value = calloc(1, size + 2);
            if (!value || !CertGetCertificateContextProperty(cert, id, value, &size))
                fail("property");
            printf(" %lu=", id);
            if (id == CERT_KEY_PROV_INFO_PROP_ID)
                print_key((CRYPT_KEY_PROV_INFO *)value);
            else
                print_hex(value, size);
            free(value);
        }
        printf("\n");
        n++;
    }
    while ((crl = CertEnumCRLsInStore(store, crl))) {
        printf("crl ");
        print_digest(crl->pbCrlEncoded, crl->cbCrlEncoded);
        printf("\n");
        n++;
    }
    while ((ctl = CertEnumCTLsInStore(store, ctl))) {
        printf("ctl ");
        print_digest(ctl->pbCtlEncoded, ctl->cbCtlEncoded);
        printf("\n");
        n++;
    }
    return n;
}

static HCERTSTORE new_store(void)
{
    HCERTSTORE s = CertOpenStore(CERT_STORE_PROV_MEMORY, 0, 0, CERT_STORE_CREATE_NEW_FLAG, NULL);

    if (!s)
        fail("memory store");
    return s;
}

static HCERTSTORE open_store(const char *path, int as_file)
{
    CRYPT_DATA_BLOB blob;
    HCERTSTORE s;

    if (as_file) {
        s = CertOpenStore(CERT_STORE_PROV_FILENAME_A, ENCODING, 0,
                          CERT_STORE_OPEN_EXISTING_FLAG | CERT_STORE_READONLY_FLAG, path);
    } else {
        blob.pbData = read_all(path, &blob.cbData);
        s = CertOpenStore(CERT_STORE_PROV_SERIALIZED, ENCODING, 0, CERT_STORE_READONLY_FLAG, &blob);
    }
    if (!s)
        fail("CertOpenStore");
    return s;
}

static HCERTSTORE add_elements(const char *path)
{
    DWORD size;
    BYTE *p = read_all(path, &size), *end = p + size;
    HCERTSTORE s = new_store();

    while (p < end) {
        DWORD n = take_u32(&p, end);
        BYTE *b = take_bytes(&p, end, n);

        if (!CertAddSerializedElementToStore(s, b, n, CERT_STORE_ADD_ALWAYS, 0,
                                             CERT_STORE_ALL_CONTEXT_FLAG, NULL, NULL))
            fail("CertAddSerializedElementToStore");
    }
    return s;
}

static void decorate(PCCERT_CONTEXT cert, DWORD commands)
{
    static WCHAR name[] = {'N', 'a', 'm', 'e', ' ', 0x00e9, ' ', 0xd83d, 0xdd11, 0};
    static WCHAR container[] = L"Test container", provider[] = L"Test provider";
    static BYTE usage[] = {0x30, 0x0a, 0x06, 0x08, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x04};
    CRYPT_DATA_BLOB blob;
    CRYPT_KEY_PROV_INFO key;

    if (commands & BUILD_NAME) {
        blob.pbData = (BYTE *)name;
        blob.cbData = sizeof name;
        if (!CertSetCertificateContextProperty(cert, CERT_FRIENDLY_NAME_PROP_ID, 0, &blob))
            fail("name");
    }
    if (commands & BUILD_USAGE) {
        blob.pbData = usage;
        blob.cbData = sizeof usage;
        if (!CertSetCertificateContextProperty(cert, CERT_ENHKEY_USAGE_PROP_ID, 0, &blob))
            fail("usage");
    }
    if (commands & BUILD_KEY) {
        memset(&key, 0, sizeof key);
        key.pwszContainerName = container;
        key.pwszProvName = provider;
        key.dwProvType = PROV_RSA_AES;
        key.dwFlags = CRYPT_MACHINE_KEYSET;
        key.dwKeySpec = AT_SIGNATURE;
        if (!CertSetCertificateContextProperty(cert, CERT_KEY_PROV_INFO_PROP_ID, 0, &key))
            fail("key");
    }
}

static int save(const char *path, const char *from)
{
    DWORD size;
    BYTE *p = read_all(from, &size), *end = p + size;
    HCERTSTORE s = new_store();
    int n = 0;

    while (p < end) {
        DWORD commands = take_u32(&p, end), len = take_u32(&p, end);
        BYTE *b = take_bytes(&p, end, len);
        PCCERT_CONTEXT cert = NULL;

        if (commands & BUILD_CRL) {
            if (!CertAddEncodedCRLToStore(s, ENCODING, b, len, CERT_STORE_ADD_ALWAYS, NULL))
                fail("add crl");
        } else {
            if (!CertAddEncodedCertificateToStore(s, ENCODING, b, len, CERT_STORE_ADD_ALWAYS, &cert))
                fail("add certificate");
            decorate(cert, commands);
            CertFreeCertificateContext(cert);
        }
        n++;
    }
    if (!CertSaveStore(s, ENCODING, CERT_STORE_SAVE_AS_STORE, CERT_STORE_SAVE_TO_FILENAME_A, (void *)path, 0))
        fail("CertSaveStore");
    CertCloseStore(s, 0);
    return n;
}

static int time_open(const char *path)
{
    LARGE_INTEGER frequency, start, stop;
    DWORD size, best = 0, i;
    CRYPT_DATA_BLOB blob;
    int n = 0;

    blob.pbData = read_all(path, &size);
    blob.cbData = size;
    QueryPerformanceFrequency(&frequency);
    for (i = 0; i < 3; i++) {
        PCCERT_CONTEXT cert = NULL;
        HCERTSTORE s;
        DWORD us;

        QueryPerformanceCounter(&start);
        s = CertOpenStore(CERT_STORE_PROV_SERIALIZED, ENCODING, 0, CERT_STORE_READONLY_FLAG, &blob);
        QueryPerformanceCounter(&stop);
        if (!s)
            fail("CertOpenStore");
        us = (DWORD)((stop.QuadPart - start.QuadPart) * 1000000 / frequency.QuadPart);
        if (i == 0 || us < best)
            best = us;
        for (n = 0; (cert = CertEnumCertificatesInStore(s, cert)); )
            n++;
        CertCloseStore(s, 0);
    }
    printf("microseconds %lu\n", best);
    return n;
}

int main(int argc, char **argv)
{
    int n;

    if (argc == 3 && !strcmp(argv[1], "file"))
        n = list(open_store(argv[2], 1));
    else if (argc == 3 && !strcmp(argv[1], "memory"))
        n = list(open_store(argv[2], 0));
    else if (argc == 3 && !strcmp(argv[1], "elements"))
        n = list(add_elements(argv[2]));
    else if (argc == 4 && !strcmp(argv[1], "save"))
        n = save(argv[2], argv[3]);
    else if (argc == 3 && !strcmp(argv[1], "time"))
        n = time_open(argv[2]);
    else
        return 2;
    printf("done %d\n", n);
    return 0;
}
