"""E-mail: by SMTP, or by a vendor that django-anymail knows; bounces and replies read back."""
