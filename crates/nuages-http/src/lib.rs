//! The vocabulary of nuages: HttpRequest, HttpResponse, QueryDict, settings and errors
